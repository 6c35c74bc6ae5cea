import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MIGRATION_STATES, RUN_STATES } from '@eden/domain';

const SOURCES = join(import.meta.dirname, '..');
const STATES = [...RUN_STATES, ...MIGRATION_STATES].join('|');

/** What nobody but the machine says: the name of a state in quotes of whatever sort, and a write past its guards. */
const FORBIDDEN = [
  new RegExp(`(['"\`])(?:${STATES})\\1`, 'g'),
  /\brun\s*\.\s*(?:update|updateMany|upsert)\b/g,
  /\bUPDATE\s+runs\s+SET\s+(?!\$\{assignments\(|event_count|heartbeat_at|audited_at)/g,
];

function transitionsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[^]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  return FORBIDDEN.flatMap((pattern) => code.match(pattern) ?? []);
}

function sources(folder = SOURCES): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['generated', 'testing'].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('a transition stands in the machine only', () => {
  // Protocol: I4
  it.each(sources().map((path) => [path.slice(SOURCES.length + 1), path] as const))('%s names none', (_, path) => {
    expect(transitionsIn(readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('and one that stood elsewhere would be found', () => {
    expect(sources().length).toBeGreaterThan(40);
    for (const source of [
      `from: ['running'],`,
      `WHERE state IN ('queued', 'x')`,
      "set: Prisma.sql`state = 'aborting'`",
      `if (state === "Rolled Back") return;`,
      `await db.run.updateMany({ where, data })`,
      'UPDATE runs SET ${set} WHERE',
      'UPDATE runs SET state = ${state} WHERE',
    ]) {
      expect({ source, found: transitionsIn(source).length > 0 }).toEqual({ source, found: true });
    }
    expect(transitionsIn(`/* 'running' */ UPDATE runs SET \${assignments(name)}, error = NULL // 'failed'`)).toEqual(
      [],
    );
  });
});
