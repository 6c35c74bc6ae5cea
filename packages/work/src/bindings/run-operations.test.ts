import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BoundOperation, JsonObject, JsonValue, Statement, StatementResult } from '@eden/domain';
import type { StatementRunner } from './run-operations.js';
import { runOperations } from './run-operations.js';

/** A table of keys that answers `after:<value>:<size>` as a keyset query would. */
class KeyTable implements StatementRunner {
  readonly statements: string[] = [];
  constructor(
    private readonly keys: readonly JsonValue[],
    private readonly isAfter: (key: JsonValue, after: JsonValue) => boolean,
  ) {}

  run(statement: Statement): Promise<StatementResult> {
    this.statements.push(statement.text);
    const [after, size] = statement.params;
    const rows = this.keys.filter((key) => this.isAfter(key, after ?? null)).slice(0, Number(size));
    return Promise.resolve({ rows: rows.map((id) => ({ id })), rowCount: rows.length });
  }
}

function batchOperation(start: JsonValue, size: number): BoundOperation {
  return {
    batch: { size, start, commit: 'together' },
    render: (after) => ({ text: `after ${JSON.stringify(after)}`, params: [after ?? null, size] }),
  };
}

function plainOperation(text: string): BoundOperation {
  return { batch: null, render: () => ({ text, params: [] }) };
}

function answering(results: readonly StatementResult[]): StatementRunner & { limits: unknown[] } {
  const queue = [...results];
  const limits: unknown[] = [];
  return {
    limits,
    run: (_statement, given) => {
      limits.push(given);
      return Promise.resolve(queue.shift() ?? { rows: [], rowCount: 0 });
    },
  };
}

const row = (id: JsonValue): JsonObject => ({ id });
const settings = {};

describe('runOperations', () => {
  it('runs the operations in order and answers the last one', async () => {
    const table = new KeyTable([], () => false);
    const session = { run: (s: Statement) => table.run(s).then(() => ({ rows: [row(s.text)], rowCount: 1 })) };
    const result = await runOperations(session, [plainOperation('a'), plainOperation('b')], settings);
    expect(table.statements).toEqual(['a', 'b']);
    expect(result).toEqual({ rows: [{ id: 'b' }], rowCount: 1, batches: 0 });
  });

  it("hands the template's own limits to every statement", async () => {
    const session = answering([]);
    await runOperations(session, [plainOperation('a')], { timeout_ms: 7, lock_timeout_ms: 3 });
    expect(session.limits).toEqual([{ timeoutMs: 7, lockTimeoutMs: 3 }]);
  });

  it('visits every key exactly once and sums the rows, whatever the size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })),
        fc.integer({ min: 1, max: 50 }),
        async (ids, size) => {
          const keys = [...ids].sort((a, b) => (a < b ? -1 : 1)).map(String);
          const table = new KeyTable(keys, (key, after) => BigInt(String(key)) > BigInt(String(after)));
          const result = await runOperations(table, [batchOperation(0, size)], settings);
          expect(result.rowCount).toBe(keys.length);
          expect(result.batches).toBe(Math.ceil(keys.length / size));
        },
      ),
    );
  });

  it('takes the greatest key of a batch whose rows come in any order', async () => {
    const table = new KeyTable([9, 2, 10, 30, 11], (key, after) => Number(key) > Number(after));
    await runOperations(table, [batchOperation(0, 3)], settings);
    expect(table.statements).toEqual(['after 0', 'after 10', 'after 30']);
  });

  it('compares text keys by code unit', async () => {
    const table = new KeyTable(['a', 'b', 'c'], (key, after) => after === 0 || String(key) > String(after));
    const result = await runOperations(table, [batchOperation(0, 2)], settings);
    expect(result).toEqual({ rows: [{ id: 'c' }], rowCount: 3, batches: 2 });
  });

  it('fails instead of running a row twice when the target orders the keys otherwise', async () => {
    const collation = ['a', 'B', 'c'];
    const table = new KeyTable(
      collation,
      (key, after) => after === 0 || collation.indexOf(String(key)) > collation.indexOf(String(after)),
    );
    const running = runOperations(table, [batchOperation(0, 2)], settings);
    await expect(running).rejects.toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { details: expect.stringContaining('not greater than batch.after') },
    });
  });

  it('lets a query that consumes what it selects ignore batch.after', async () => {
    const session = answering([
      { rows: [row(9), row(8)], rowCount: 2 },
      { rows: [row(3)], rowCount: 1 },
    ]);
    const operation = { ...batchOperation(0, 2), render: () => ({ text: 'DELETE …', params: [] }) };
    const result = await runOperations(session, [operation], settings);
    expect(result).toEqual({ rows: [{ id: 3 }], rowCount: 3, batches: 2 });
  });

  it('fails when such a query returns the same keys again, instead of running for ever', async () => {
    const table = new KeyTable([1, 2], () => true);
    const operation = { ...batchOperation(0, 5), render: () => ({ text: 'SELECT …', params: [0, 5] }) };
    const running = runOperations(table, [operation], settings);
    await expect(running).rejects.toMatchObject({ context: { details: 'A batch returned the same keys again' } });
    expect(table.statements).toHaveLength(2);
  });

  it('fails when a batch changes rows without returning their keys', async () => {
    const session = answering([{ rows: [], rowCount: 5 }]);
    const running = runOperations(session, [batchOperation(0, 5)], settings);
    await expect(running).rejects.toMatchObject({ context: { details: expect.stringContaining('RETURNING') } });
  });

  it('fails when the key is NULL', async () => {
    const session = answering([{ rows: [row(null)], rowCount: 1 }]);
    const running = runOperations(session, [batchOperation(0, 5)], settings);
    await expect(running).rejects.toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  });
});
