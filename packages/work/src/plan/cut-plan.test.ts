import { describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import type { PlannedApi, PlannedBinding } from '@eden/domain';
import { cutPlan } from './cut-plan.js';

const UUID = asUuid('00000000-0000-7000-8000-000000000000');

function file(database: string, version: string, waitsFor?: string, isCertain = false): PlannedBinding {
  const after = { file: `${waitsFor}.sql`, version: waitsFor ?? '', type: 'mood', value: 'glad', isCertain };
  return {
    template: null,
    templateId: `${version}.sql`,
    templateVersion: 0,
    endpoint: UUID,
    endpointId: database,
    endpointVersion: 1,
    statements: [],
    fields: {},
    class: '2pc',
    findings: [],
    estimatedRows: null,
    file: { source: database, file: `${version}.sql`, version, sha256: '' },
    ...(waitsFor === undefined ? {} : { after }),
  };
}

/** One that builds an index outside the transaction. */
function build(database: string, version: string): PlannedBinding {
  return { ...file(database, version), class: 'compensable', outside: { phase: 'before', undo: 'DROP INDEX i' } };
}

/** A source in a database of its own; `[version, the one that it waits for]`. */
function source(
  id: string,
  files: readonly (readonly [string, string?])[],
  more: Partial<PlannedApi> = {},
): PlannedApi {
  const history = { tool: 'dbmate', history: 'h', fingerprint: '', baseline: [], known: [], reruns: [] } as const;
  const bindings = files.map(([version, after]) => file(id, version, after));
  return { api: UUID, apiId: id, stage: 0, position: 0, bindings, source: { source: UUID, ...history }, ...more };
}

const cut = (apis: readonly PlannedApi[], atomicity: 'strict' | 'best' = 'best') =>
  cutPlan(apis, atomicity, ({ endpointId }) => endpointId);

function versions(apis: readonly PlannedApi[], atomicity?: 'strict' | 'best') {
  const { apis: first, laterParts = [], atomicity: level } = cut(apis, atomicity);
  const name = ({ endpointId, file: planned }: PlannedBinding): string => `${endpointId}${planned?.version}`;
  return { level, parts: [first.flatMap(({ bindings }) => bindings), ...laterParts].map((part) => part.map(name)) };
}

describe('a plan', () => {
  it('is one part where no file has to wait', () => {
    expect(cut([source('a', [['1'], ['2']])])).toMatchObject({ atomicity: 'atomic' });
    expect(versions([source('a', [['1'], ['2']])]).parts).toEqual([['a1', 'a2']]);
  });

  it('is cut before each file that waits, in as few parts as do', () => {
    const a = source('a', [['1'], ['2', '1'], ['3'], ['4', '3'], ['5']]);
    const b = source('b', [['1'], ['2'], ['3', '2']], { position: 1 });
    expect(versions([a, b])).toEqual({
      level: 'best effort',
      parts: [
        ['a1', 'b1', 'b2'],
        ['a2', 'a3', 'b3'],
        ['a4', 'a5'],
      ],
    });
    expect(cut([a, b]).apis.map(({ source: each }) => each?.deferred)).toEqual([['2', '3', '4', '5'], ['3']]);
  });

  it('leaves later stages, and what follows in the same database, to the parts behind', () => {
    const early = source('a', [['1']], { position: 1 });
    const first = source('a', [['8'], ['9', '8']]);
    const beside = source('b', [['1']], { position: 2 });
    const later = source('c', [['1']], { stage: 1 });
    expect(versions([later, beside, early, first]).parts).toEqual([
      ['a8', 'b1'],
      ['a9', 'a1', 'c1'],
    ]);
  });

  it('is not cut under "strict": what surely fails is refused, the rest has a finding', () => {
    const doubtful = source('a', [['1'], ['2', '1']]);
    expect(versions([doubtful], 'strict')).toEqual({ level: 'atomic', parts: [['a1', 'a2']] });
    expect(cut([doubtful], 'strict').apis[0]?.bindings[1]?.findings).toEqual([
      {
        rule: 'new-enum-value',
        severity: 'danger',
        message: expect.stringMatching(/2\.sql uses 'glad', which 1\.sql.*"to": "1"/),
      },
    ]);
    const certain = { ...doubtful, bindings: [file('a', '1'), file('a', '2', '1', true)] };
    expect(() => cut([certain], 'strict')).toThrow(
      expect.objectContaining({
        code: 'ATOMICITY_REFUSED',
        context: { reasons: [expect.stringMatching(/a: 2\.sql uses 'glad', which 1\.sql adds .*"to": "1".*"best"/)] },
      }),
    );
  });

  it('is cut behind each step outside the transaction that stands between what is in it', () => {
    const a = {
      ...source('a', []),
      bindings: [file('a', '1'), build('a', '2'), build('a', '3'), file('a', '4'), build('a', '5'), file('a', '6')],
    };
    const b = source('b', [['1'], ['2']], { position: 1 });
    const later = source('c', [['1']], { stage: 1 });
    expect(versions([a, b, later])).toEqual({
      level: 'best effort',
      parts: [
        ['a1', 'a2', 'a3', 'b1', 'b2'],
        ['a4', 'a5'],
        ['a6', 'c1'],
      ],
    });
    expect(versions([a], 'strict').parts).toHaveLength(1);
  });

  it('is cut between stages where a step waits for one and is waited for by another', () => {
    const a = { ...source('a', [['1']]), bindings: [file('a', '1'), build('a', '2')] };
    const b = source('b', [['1']], { stage: 1 });
    expect(versions([a, b]).parts).toEqual([['a1', 'a2'], ['b1']]);
  });

  it.each([
    ['first', [build('a', '1'), file('a', '2')]],
    ['last', [file('a', '1'), build('a', '2')]],
  ])('is whole where a step comes %s', (_, bindings) => {
    expect(versions([{ ...source('a', []), bindings }]).parts).toHaveLength(1);
  });

  it('with APIs of templates is not cut at a step: it is refused where steps are placed', () => {
    const { source: _, ...templates } = source('t', []);
    const between = { ...templates, bindings: [file('a', '1'), build('a', '2'), file('a', '3')] };
    expect(versions([between]).parts).toHaveLength(1);
  });

  it('is refused where APIs of templates would change with its first part', () => {
    const { source: _, ...templates } = source('t', [], { apiId: 'customers' });
    expect(() => cut([source('a', [['1'], ['2', '1']]), templates])).toThrow(
      expect.objectContaining({ context: { reasons: [expect.stringContaining('take customers out')] } }),
    );
  });
});
