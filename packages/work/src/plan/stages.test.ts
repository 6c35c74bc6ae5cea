import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WorkApi } from '../load-work.js';
import { groupByDatabase, stagesOf } from './stages.js';

/** An API as the grouping sees it: its place in the migration and the databases of its bindings. */
function api(position: number, databases: readonly string[], stage = 0): WorkApi {
  return {
    member: { membership: { stage, position } },
    bindings: databases.map((uuid) => ({ endpoint: { uuid } })),
    source: null,
  } as unknown as WorkApi;
}

const sameNames = new Map<string, string>();

function databasesOf({ bindings }: WorkApi): string[] {
  return bindings.map(({ endpoint }) => endpoint.uuid);
}

function positionsOf(apis: readonly WorkApi[]): number[] {
  return apis.map(({ member }) => member.membership.position);
}

describe('the APIs of one stage', () => {
  it('run one after the other when a third one joins their databases', () => {
    const groups = groupByDatabase([api(0, ['a']), api(1, ['b']), api(2, ['a', 'b']), api(3, ['c'])], sameNames);
    expect(groups.map(positionsOf)).toEqual([[0, 1, 2], [3]]);
  });

  it('meet by the database behind their endpoints, not by the endpoints', () => {
    const databaseOf = new Map([
      ['one', 'server/1'],
      ['two', 'server/1'],
    ]);
    expect(groupByDatabase([api(0, ['one']), api(1, ['two'])], databaseOf)).toHaveLength(1);
  });

  it('stand alone when they have no bindings', () => {
    expect(groupByDatabase([api(0, []), api(1, [])], sameNames)).toHaveLength(2);
  });

  it('are in exactly one group each, and no database is in two groups', () => {
    const databases = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(databases, { maxLength: 12 }), (all) => {
        const groups = groupByDatabase(
          all.map((names, position) => api(position, names)),
          sameNames,
        );
        expect(groups.flatMap(positionsOf).sort((a, b) => a - b)).toEqual(all.map((_, position) => position));
        const seen = groups.flatMap((group) => [...new Set(group.flatMap(databasesOf))]);
        expect(new Set(seen).size).toBe(seen.length);
        for (const group of groups) expect(positionsOf(group)).toEqual(positionsOf(group).sort((a, b) => a - b));
      }),
    );
  });
});

it('stages ascend, and keep the order in which their APIs were added', () => {
  const apis = [api(0, [], 5), api(1, [], 0), api(2, [], 5), api(3, [], -1)];
  const work = { apis } as unknown as Parameters<typeof stagesOf>[0];
  expect(stagesOf(work).map(({ stage, apis: ordered }) => [stage, positionsOf(ordered)])).toEqual([
    [-1, [3]],
    [0, [1]],
    [5, [0, 2]],
  ]);
});
