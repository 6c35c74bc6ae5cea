import type { RunParticipant, Uuid } from '@eden/domain';
import { membersOf } from './outcomes.js';
import type { Statement } from './steps.js';

/* What the gates in the targets hold once a run has committed (packages/database/src/journal/gates.ts). */

/** In the transaction that decides, behind the change of the definitions. */
export function noteGates(at: Statement, closed: readonly Pick<RunParticipant, 'database' | 'gates'>[]): void {
  for (const { database, gates } of closed) {
    for (const apiUuid of gates) {
      const api = at.tx.get('apis', apiUuid);
      if (api === null) continue;
      const { key, place } = database;
      const others = api.gates.filter((gate) => gate.key !== key);
      at.tx.put('apis', apiUuid, { ...api, gates: [...others, { key, place, version: api.schemaVersion }] });
    }
  }
}

/** Before what was decided is taken back. */
export function forgetGates(at: Statement, migrationUuid: Uuid): void {
  for (const { apiUuid } of membersOf(at, migrationUuid).filter(({ active }) => active)) {
    const api = at.tx.get('apis', apiUuid);
    if (api === null) continue;
    const gates = api.gates.filter(({ version }) => version !== api.schemaVersion);
    at.tx.put('apis', apiUuid, { ...api, gates });
  }
}
