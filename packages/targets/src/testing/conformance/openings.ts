import type { Endpoint, ExecutionOptions, TargetAdapter } from '@eden/domain';
import { newUuid, participantSpec } from '../fixtures.js';
import type { Ability } from './abilities.js';
import type { Language } from './kind-under-test.js';

/** A call of the port that has to reach the endpoint by itself. */
export interface Opening {
  readonly name: string;
  readonly needs: readonly Ability[];
  /** Besides, where a server is to be missed that can be connected to and says nothing. */
  readonly whenSilent?: readonly Ability[];
  /** It may find a connection open, and has no limit but the adapter's. */
  readonly pooled?: true;
  call(adapter: TargetAdapter, endpoint: Endpoint, language: Language): Promise<unknown>;
}

const OPTIONS: ExecutionOptions = {
  readOnly: true,
  gate: null,
  lockTimeoutMs: 20_000,
  statementTimeoutMs: 20_000,
  idleTimeoutMs: 0,
};

export const OPENINGS: readonly Opening[] = [
  {
    name: 'inspect',
    needs: [],
    whenSilent: ['transactions'],
    pooled: true,
    call: (adapter, endpoint) => adapter.inspect(endpoint),
  },
  { name: 'identify', needs: ['transactions'], call: (adapter, endpoint) => adapter.identify(endpoint) },
  {
    name: 'estimateRows',
    needs: ['transactions'],
    pooled: true,
    call: (adapter, endpoint, { readAll }) => adapter.estimateRows(endpoint, readAll),
  },
  {
    name: 'install',
    needs: ['transactions'],
    pooled: true,
    call: (adapter, endpoint) => adapter.install(endpoint, newUuid()),
  },
  { name: 'an execution', needs: [], call: execute },
  { name: 'openParticipant', needs: ['transactions'], call: participate },
  {
    name: 'openSettlement',
    needs: ['transactions'],
    call: (adapter, endpoint) => adapter.openSettlement(endpoint),
  },
];

async function execute(adapter: TargetAdapter, endpoint: Endpoint, { readAll }: Language): Promise<unknown> {
  return (await adapter.openExecution(endpoint, OPTIONS)).readOnce(readAll);
}

async function participate(adapter: TargetAdapter, endpoint: Endpoint): Promise<unknown> {
  return (await adapter.openParticipant(endpoint, participantSpec())).begin();
}
