import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isEdenError, type PlannedApi, type PlannedBinding, type Uuid } from '@eden/domain';
import { placeSteps } from './place-steps.js';

/** `x` is in the transaction, `c` compensable, `i` irreversible; each on the database of its letter. */
type Shape = `${'x' | 'c' | 'i'}@${'a' | 'b'}`;

function binding(shape: Shape, at: number): PlannedBinding {
  const [kind = 'x', database = 'a'] = shape.split('@');
  const undo = kind === 'c' ? 'DROP INDEX CONCURRENTLY i' : null;
  const classes = { x: '2pc', c: 'compensable', i: 'irreversible' } as const;
  return {
    ...{
      template: null,
      templateId: `f${at}`,
      endpoint: database as Uuid,
      endpointId: database,
      statements: [],
      findings: [],
    },
    ...{ templateVersion: 0, endpointVersion: 1, fields: {}, estimatedRows: null },
    class: classes[kind as keyof typeof classes],
    ...(kind === 'x' ? {} : { outside: { phase: 'before', undo } as const }),
  };
}

function api(position: number, shapes: readonly Shape[], stage = 0): PlannedApi {
  return { api: `api-${position}` as Uuid, apiId: `api-${position}`, stage, position, bindings: shapes.map(binding) };
}

const same = (endpoint: Uuid): string => endpoint;

function phasesOf(apis: readonly PlannedApi[]): (string | null)[] {
  return placeSteps(apis, same, 'best').apis.flatMap(({ bindings }) =>
    bindings.map(({ outside }) => outside?.phase ?? null),
  );
}

function reasonsOf(apis: readonly PlannedApi[], atomicity: 'best' | 'strict'): readonly string[] {
  try {
    placeSteps(apis, same, atomicity);
    return [];
  } catch (error) {
    if (!isEdenError(error, 'ATOMICITY_REFUSED')) throw error;
    return error.context['reasons'] as string[];
  }
}

// Protocol: I8
describe('a step outside the transaction', () => {
  it.each<[string, readonly PlannedApi[], (string | null)[]]>([
    ['first of its database', [api(0, ['c@a', 'x@a'])], ['before', null]],
    ['last of its database', [api(0, ['x@a', 'c@a'])], [null, 'after']],
    ['alone', [api(0, ['c@a'])], ['before']],
    ['behind others of its kind', [api(0, ['c@a', 'i@a', 'x@a'])], ['before', 'before', null]],
    ['of another database than what is before it', [api(0, ['x@a']), api(1, ['c@b', 'x@b'])], [null, 'before', null]],
    ['of a later stage, whatever its database', [api(0, ['x@a']), api(1, ['c@b'], 1)], [null, 'after']],
    ['of an earlier stage', [api(0, ['c@b']), api(1, ['x@b'], 1)], ['before', null]],
    ['behind what its API does elsewhere', [api(0, ['x@a', 'c@b'])], [null, 'after']],
    ['behind a step that comes last', [api(0, ['x@a', 'c@b']), api(1, ['c@b'])], [null, 'after', 'after']],
    ['behind such a step of its API', [api(0, ['x@a']), api(1, ['c@a', 'c@b'])], [null, 'after', 'after']],
  ])('%s', (_, apis, phases) => expect(phasesOf(apis)).toEqual(phases));

  it('in between is refused, whatever is allowed', () => {
    const between = [api(0, ['x@a', 'c@a', 'x@a'])];
    expect(reasonsOf(between, 'best')).toEqual([expect.stringContaining('stands between what is in it')]);
    expect(reasonsOf(between, 'strict')).toEqual([
      expect.stringMatching(/"concurrently": "inline", or set "atomicity": "best", .* cut behind it/),
    ]);
  });

  it('is refused under strict, in words that say what would be done under best', () => {
    expect(reasonsOf([api(0, ['c@a', 'x@a'])], 'strict')).toEqual([
      expect.stringMatching(
        /"best" it runs before the atomic part, and when the run fails, DROP INDEX .* takes it back/,
      ),
    ]);
    expect(reasonsOf([api(0, ['x@a', 'i@a'])], 'strict')).toEqual([
      expect.stringMatching(/after the commit, tried until it is done, and nothing takes it back/),
    ]);
  });

  it.each([
    [['x@a'], 'atomic'],
    [['c@a', 'x@a'], 'compensated'],
    [['c@a', 'x@a', 'i@a'], 'best effort'],
  ] as const)('%s gives the level %s', (shapes, level) => {
    expect(placeSteps([api(0, shapes)], same, 'best').level).toBe(level);
  });

  it('never changes the order within a database or an API', () => {
    const shape = fc.constantFrom<Shape>('x@a', 'c@a', 'x@b', 'i@b');
    fc.assert(
      fc.property(fc.array(fc.array(shape, { maxLength: 4 }), { maxLength: 4 }), (all) => {
        const apis = all.map((shapes, position) => api(position, shapes));
        if (reasonsOf(apis, 'best').length > 0) return;
        const order = { before: 0, inside: 1, after: 2 };
        const placed = placeSteps(apis, same, 'best').apis.map(({ bindings }) => bindings);
        const within = (database: string) => placed.flat().filter(({ endpoint }) => endpoint === database);
        for (const bindings of [within('a'), within('b'), ...placed]) {
          const run = bindings.map(({ outside }) => order[outside?.phase ?? 'inside']);
          expect(run).toEqual(run.toSorted());
        }
      }),
    );
  });

  it('is refused where what is behind it in the transaction would have to wait for it', () => {
    const between = [api(0, ['x@a', 'c@b']), api(1, ['c@b', 'x@a'])];
    expect(reasonsOf(between, 'best')).toEqual([expect.stringMatching(/^api-1: .* stands between what is in it/)]);
  });
});
