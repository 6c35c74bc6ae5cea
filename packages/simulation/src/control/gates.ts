import type { Uuid } from '@eden/domain';
import { participants } from './recovery.js';
import type { Statement } from './steps.js';

/* What the gates in the targets hold once a run has committed (packages/database/src/journal/gates.ts). */

/** In the transaction that decides, behind the change of the definitions. */
export function noteGates(at: Statement, runUuid: Uuid): void {
  for (const { database, gates } of participants(at, runUuid)) {
    for (const apiUuid of gates) {
      const api = at.tx.get('apis', apiUuid);
      if (api === null) continue;
      const { key, place } = database;
      const others = api.gates.filter((gate) => gate.key !== key);
      at.tx.put('apis', apiUuid, { ...api, gates: [...others, { key, place, version: api.schemaVersion }] });
    }
  }
}

/** What was decided is taken back. */
export function forgetGates(at: Statement, runUuid: Uuid): void {
  for (const { database, gates } of participants(at, runUuid)) {
    for (const apiUuid of gates) {
      const api = at.tx.get('apis', apiUuid);
      if (api === null) continue;
      at.tx.put('apis', apiUuid, { ...api, gates: api.gates.filter((gate) => gate.key !== database.key) });
    }
  }
}
