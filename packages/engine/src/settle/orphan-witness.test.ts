import { expect, it } from '@jest/globals';
import type { Endpoint, OrganizationReader, PreparedTransaction, RunStanding, Settlement, Uuid } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { isCommittedElsewhere, type Unclaimed } from './orphan-witness.js';

const [OWN, OTHER] = ['own', 'other'] as [Uuid, Uuid];
const away = (): never => {
  throw new Error('a target of another organization was asked for');
};

/** Two organizations with a database each. */
function depsOf(
  reader: (organization: Uuid) => Partial<OrganizationReader>,
  there: Partial<Settlement> = {},
): EngineDeps {
  const journal = {
    participantEndpoints: () => Promise.resolve([OWN, OTHER].map((of) => ({ organizationUuid: of, endpointUuid: of }))),
    reader,
  };
  const settlement: Partial<Settlement> = {
    endBackends: () => Promise.resolve(0),
    readLedger: () => Promise.resolve([]),
    listPrepared: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    ...there,
  };
  const capabilities = { transactions: true };
  const targets = { adapter: () => ({ capabilities, openSettlement: () => Promise.resolve(settlement) }) };
  return { journal, targets } as unknown as EngineDeps;
}

const own: Partial<OrganizationReader> = {
  endpointsByUuid: () => Promise.resolve(new Map([[OWN, { uuid: OWN } as Endpoint]])),
  plan: () => Promise.resolve(null),
  migration: () => Promise.resolve({} as never),
  members: () => Promise.resolve([]),
  sources: () => Promise.resolve([]),
  templatesByUuid: () => Promise.resolve(new Map()),
};
const found = { runUuid: OWN, epoch: 1, token: 'forgotten', number: 0, installation: OWN };
const orphan = { found, endpoint: { uuid: 'elsewhere' } };
const run: Partial<RunStanding> = { uuid: OWN, organizationUuid: OWN, migrationUuid: OWN, participants: [] };

// Protocol: I16
it('an orphan of a run that is known waits for no target of another organization', async () => {
  const deps = depsOf((organization) => (organization === OWN ? own : away()));
  expect(await isCommittedElsewhere(deps, { ...orphan, run } as unknown as Unclaimed)).toBe(false);
});

it('one of a run that nobody knows may have committed anywhere', async () => {
  const deps = depsOf((organization) => (organization === OWN ? own : away()));
  await expect(isCommittedElsewhere(deps, { ...orphan, run: undefined } as unknown as Unclaimed)).rejects.toThrow(
    'another',
  );
});

// Protocol: I20
it('an orphan is asked about without a word to an attempt that came since, whose ledger says nothing of it', async () => {
  const ended: number[] = [];
  const rolledBack: string[] = [];
  const later = { ...found, epoch: 5, token: 'later', preparedId: 'later' } as unknown as PreparedTransaction;
  const deps = depsOf(() => own, {
    endBackends: (_, before) => Promise.resolve(ended.push(before)),
    listPrepared: () => Promise.resolve([{ ...later, token: 'forgotten', preparedId: 'forgotten' }, later]),
    rollbackPrepared: (id) => Promise.resolve(rolledBack.push(id) > 0 ? 'rolled back' : 'missing'),
    readLedger: () => Promise.resolve([{ epoch: 5, number: 0, token: 'later' }]),
  });
  expect(await isCommittedElsewhere(deps, { ...orphan, run } as unknown as Unclaimed)).toBe(false);
  expect([ended, rolledBack]).toEqual([[2], ['forgotten']]);
});
