import { describe, expect, it } from '@jest/globals';
import type { HttpOperation, JsonObject, JsonValue } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { readHttpMessage, type HttpMessage } from '@eden/lexers';
import fc from 'fast-check';
import { createTemplateEngine } from '../index.js';

/*
 * The law of the engine for requests: whatever a value holds, the request around it stays what it is, and what arrives in
 * its place is the value.
 */

const engine = createTemplateEngine();

function render(operation: HttpOperation, values: JsonObject): string {
  const definition = { endpointKind: 'Http', kind: 'Write', body: operation, settings: {} } as const;
  return engine.compile(definition).bind(values).operations[0]?.render().text ?? '';
}

/** Null where the template or the value is refused, which is the other way to keep the law. */
function attempt(operation: HttpOperation, values: JsonObject): HttpMessage | null {
  try {
    return readHttpMessage(render(operation, values));
  } catch (error) {
    if (['TEMPLATE_NOT_RENDERED', 'VALIDATION_FAILED'].some((code) => isEdenError(error, code as 'VALIDATION_FAILED')))
      return null;
    throw error;
  }
}

/** The message, or why there is none. */
function said(operation: HttpOperation, values: JsonObject = {}): string {
  try {
    return render(operation, values);
  } catch (error) {
    if (!isEdenError(error)) throw error;
    return JSON.stringify(error.context);
  }
}

const HOSTILE = [
  ...[
    '/',
    '//',
    '..',
    '.',
    '../..',
    '..;',
    '%2e%2e',
    '%2F',
    '%',
    '%%',
    '?',
    '#',
    '&',
    '=',
    ';',
    '\\',
    '@',
    ':',
    '*',
    "'",
  ],
  ...['\n', '\r', '\r\n', '\r\nHost: evil.example', '\n\n{"a":1}', '\0', '\u0085', '\u2028', '\t', ' ', '\x7f', '\x1b'],
  ...['"', '\\"', '"}', '","admin":true,"x":"', '\\', '\\u0022', '{', '}', '[', ']', ',', 'null', 'true', '1e999', '-'],
  ...['{{x}}', '${x}', '<!--', 'é', '𝒳', '\uD800', '\uFEFF', '__proto__', 'HTTP/1.1', ' HTTP/1.1\r\n'],
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })), { maxLength: 4 })
    .map((all) => all.join('')),
);
const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const sure = { numRuns: 500 };

describe('a value in a request', () => {
  it('is one part of its path', () => {
    const operation: HttpOperation = { method: 'PUT', path: '/users/{{x}}/roles/a-{{x}}' };
    fc.assert(
      fc.property(value, (x) => {
        const message = attempt(operation, { x });
        if (message === null) return;
        const [empty, users, first, roles, last, ...more] = message.target.split('/');
        expect([empty, users, roles, more]).toEqual(['', 'users', 'roles', []]);
        expect([first, last].map((part) => decodeURIComponent(part ?? ''))).toEqual([String(x), `a-${String(x)}`]);
        expect({ ...message, target: '' }).toEqual({ method: 'PUT', target: '', headers: [], body: null });
      }),
      sure,
    );
  });

  it('is one name or value of its query', () => {
    const operation: HttpOperation = { method: 'GET', path: '/find?a={{x}}&{{y}}=b&c' };
    fc.assert(
      fc.property(value, value, (x, y) => {
        const message = attempt(operation, { x, y });
        if (message === null) return;
        const url = new URL(message.target, 'http://host');
        expect([...url.searchParams.keys()].length).toBe(3);
        expect([...url.searchParams][0]).toEqual(['a', String(x)]);
        expect([...url.searchParams][1]).toEqual([String(y), 'b']);
        expect([url.pathname, url.hash, url.host]).toEqual(['/find', '', 'host']);
      }),
      sure,
    );
  });

  it('is on the line of its header, and inside of its quotes', () => {
    const headers = { 'X-Reason': 'because {{x}}', 'If-Match': '"{{x}}"' };
    fc.assert(
      fc.property(value, (x) => {
        const message = attempt({ method: 'POST', path: '/a', headers }, { x });
        if (message === null) return;
        expect(message.headers.map(({ name }) => name)).toEqual(['X-Reason', 'If-Match']);
        expect(message.headers[0]?.value).toBe(`because ${String(x)}`.trim());
        expect(message.headers[1]?.value).toMatch(/^"(?:[^"\\]|\\.)*"$/);
        expect(message.body).toBeNull();
      }),
      sure,
    );
  });

  it('is itself in a body that is written as JSON', () => {
    const body = { whole: '{{x}}', inside: 'is {{y}}', list: ['{{x}}', 1], fixed: { a: null } };
    fc.assert(
      fc.property(json, text, (x, y) => {
        const message = attempt({ method: 'POST', path: '/a', body }, { x, y });
        if (message === null) return;
        const same = JSON.parse(JSON.stringify(x)) as JsonValue;
        const expected = { whole: same, inside: `is ${y}`, list: [same, 1], fixed: { a: null } };
        expect(JSON.parse(message.body ?? '')).toEqual(expected);
      }),
      sure,
    );
  });

  it('is itself in a body that is written as text', () => {
    const body =
      '{"whole": {{x}}, "inside": "is {{y}}", "all": [{{#each list}}{{this}}{{#unless @last}},{{/unless}}{{/each}}]}';
    fc.assert(
      fc.property(json, text, fc.array(json, { maxLength: 3 }), (x, y, list) => {
        const message = attempt({ method: 'POST', path: '/a', body }, { x, y, list });
        if (message === null) return;
        const same = JSON.parse(JSON.stringify([x, list])) as [JsonValue, JsonValue[]];
        expect(JSON.parse(message.body ?? '')).toEqual({ whole: same[0], inside: `is ${y}`, all: same[1] });
      }),
      sure,
    );
  });

  it('is mostly not refused: letters, signs and lines have their way through every place but a header', () => {
    const x = `a/b?c=d&e "f" \\ 'g' #h %41 é 𝒳 \n`;
    const message = attempt({ method: 'POST', path: '/a/{{x}}?q={{x}}', body: '{"a":"{{x}}","b":{{x}}}' }, { x });
    expect(JSON.parse(message?.body ?? '')).toEqual({ a: x, b: x });
    expect(message?.target).toBe(
      `/a/${encodeURIComponent(x).replaceAll("'", '%27')}?q=${encodeURIComponent(x).replaceAll("'", '%27')}`,
    );
  });
});

describe('a template of a request', () => {
  it('renders to what is sent', () => {
    const operation: HttpOperation = {
      method: 'POST',
      path: '/flags/{{name}}?ids={{list ids}}',
      headers: { 'X-Run': '{{run}}' },
      body: { name: '{{name}}', on: '{{on}}' },
    };
    expect(render(operation, { name: 'a b', ids: 'x, y/z', run: 7, on: true })).toBe(
      'POST /flags/a%20b?ids=x,y%2Fz\nX-Run: 7\n\n{"name":"a b","on":true}',
    );
    expect(render({ method: 'DELETE', path: '/a' }, {})).toBe('DELETE /a');
  });

  it.each<[string, Partial<HttpOperation>, string]>([
    ['a path of another host', { path: '//evil.example/x' }, 'template.template.path'],
    ['a path without its slash', { path: 'evil.example' }, 'template.template.path'],
    ['a path that climbs', { path: '/a/%2e%2E/b' }, 'template.template.path'],
    ['a path with a space', { path: '/a b' }, 'template.template.path'],
    ['a path with half an escape', { path: '/a%4{{x}}' }, 'template.template.path'],
    [
      'a header of the connection',
      { headers: { 'transfer-encoding': 'chunked' } },
      'template.template.headers.transfer-encoding',
    ],
    ['the key that is ours', { headers: { 'Idempotency-Key': 'x' } }, 'template.template.headers.Idempotency-Key'],
    ['a host of its own', { headers: { HOST: 'x' } }, 'template.template.headers.HOST'],
    ['a name of two lines', { headers: { 'a\nb': 'x' } }, 'template.template.headers.a'],
    ['a value of two lines', { headers: { a: 'x\ny' } }, 'template.template.headers.a'],
    ['another type than JSON', { headers: { 'Content-Type': 'text/plain' } }, 'template.template.headers.Content-Type'],
    ['raw text', { path: '/{{raw x}}' }, 'template.template.path'],
    ['a body that is no JSON', { body: '{"a":}' }, 'template.template.body'],
    ['a value glued to a number', { body: '{"a":1{{x}}}' }, 'template.template.body'],
    ['a value behind a value', { body: '[{{x}} {{x}}]' }, 'template.template.body'],
    ['a value cut into an escape', { body: '"\\u00{{x}}"' }, 'template.template.body'],
    ['a body of a GET', { method: 'GET', body: {} }, 'template.template.body'],
  ])('is refused with %s', (_what, change, path) => {
    const operation: HttpOperation = { method: 'POST', path: '/a', ...change };
    expect(said(operation)).toContain(`"path":"${path.replace('a\n', 'a')}`);
  });

  it.each<[string, Partial<HttpOperation>, JsonValue, string]>([
    ['nothing in a path', { path: '/users/{{x}}' }, '', 'an empty text'],
    ['two dots in a path', { path: '/users/{{x}}/keys' }, '..', 'path begins with one /'],
    ['two dots of two values', { path: '/users/{{x}}{{x}}' }, '.', 'path begins with one /'],
    ['an object in a path', { path: '/users/{{x}}' }, { a: 1 }, 'an array or an object'],
    ['null in a query', { path: '/users?a={{x}}' }, null, 'null cannot stand'],
    ['two lines in a header', { headers: { a: '{{x}}' } }, 'a\r\nHost: b', 'one line of ASCII'],
    ['letters beyond ASCII in a header', { headers: { a: '{{x}}' } }, 'é', 'one line of ASCII'],
    ['U+0000 in a body', { body: '{{x}}' }, 'a\0', 'U+0000'],
    ['two values of a block', { body: '[{{#each x}}{{this}}{{/each}}]' }, [1, 2], 'follow'],
  ])('refuses %s', (_what, change, x, words) => {
    expect(said({ method: 'POST', path: '/a', ...change }, { x })).toContain(words);
  });

  it('belongs to endpoints of its kind', () => {
    const compile = (endpointKind: 'Http' | 'Postgres', body: HttpOperation | { query: string }) => () =>
      engine.compile({ endpointKind, kind: 'Read', body, settings: {} });
    expect(compile('Http', { query: 'SELECT 1' })).toThrow('Validation failed');
    expect(compile('Postgres', { method: 'GET', path: '/' })).toThrow('Validation failed');
  });
});
