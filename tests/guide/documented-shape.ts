import { expect } from '@jest/globals';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Checks an answer against the body that the guide documents: every key is there, every sentence is the same, and where
 * the guide shows a uuid or a time there is one. Keys beyond the guide are allowed.
 */
export function expectDocumented(actual: unknown, documented: unknown, path = 'body'): void {
  if (Array.isArray(documented)) {
    expect({ path, isArray: Array.isArray(actual) }).toEqual({ path, isArray: true });
    const items = actual as unknown[];
    if (documented.length > 0) expect({ path, isEmpty: items.length === 0 }).toEqual({ path, isEmpty: false });
    // The guide shows examples: what stands in both is compared.
    documented.slice(0, items.length).forEach((example, index) => {
      expectDocumented(items[index], example, `${path}[${index}]`);
    });
    return;
  }
  if (typeof documented === 'object' && documented !== null) {
    for (const [key, value] of Object.entries(documented)) {
      expect({ path, keys: Object.keys(actual as object) }).toEqual({ path, keys: expect.arrayContaining([key]) });
      expectDocumented((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
    return;
  }
  expect({ path, value: actual }).toEqual({ path, value: expectedLike(documented) });
}

function expectedLike(documented: unknown): unknown {
  if (typeof documented !== 'string') return documented;
  if (UUID.test(documented) || documented.startsWith('api_uuid_')) return expect.stringMatching(UUID);
  if (TIME.test(documented)) return expect.stringMatching(TIME);
  return documented;
}
