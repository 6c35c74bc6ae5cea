import { createHash } from 'node:crypto';
import { ERROR, hasErrno } from '../errors.js';
import type { GuardedSession } from '../guard/guarded-session.js';
import type { ObjectKind, SchemaObject } from './schema-change.js';
import type { Definitions } from './step-row.js';

const ABSENT: Readonly<Record<ObjectKind, readonly number[]>> = {
  TABLE: [ERROR.noSuchTable],
  TRIGGER: [ERROR.noSuchTrigger],
  PROCEDURE: [ERROR.noSuchSavepoint],
  FUNCTION: [ERROR.noSuchSavepoint],
  EVENT: [ERROR.noSuchEvent],
};

/** The rows count it on. */
const COUNTER = / AUTO_INCREMENT=\d+/g;

/** What the server says of how each was made: what it says is all that a change of the schema can change. */
export async function definitionsOf(
  session: GuardedSession,
  objects: readonly SchemaObject[],
  answerTimeoutMs: number,
): Promise<Definitions> {
  const definitions: (string | null)[] = [];
  for (const { kind, name } of objects) {
    try {
      const { rows } = await session.query(`SHOW CREATE ${kind} ${name}`, { answerTimeoutMs });
      definitions.push(digestOf(JSON.stringify(rows).replaceAll(COUNTER, '')));
    } catch (error) {
      if (!hasErrno(error, ...ABSENT[kind])) throw error;
      definitions.push(null);
    }
  }
  return definitions;
}

export function isSame(one: Definitions, other: Definitions): boolean {
  return one.every((definition, index) => definition === other[index]);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
