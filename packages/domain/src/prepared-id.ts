import { asUuid, isUuid } from './ids.js';
import type { Uuid } from './ids.js';

/** The parts of a participant's transaction id (protocol I16), unique per server. */
export interface PreparedIdParts {
  /** Lower-case letters and digits. */
  readonly installation: string;
  readonly runUuid: Uuid;
  readonly epoch: number;
  /** Number of the participant within the run. */
  readonly number: number;
  /** Of the attempt: 16 hexadecimal digits; empty in ids from before there were tokens. */
  readonly token: string;
}

const PREPARED_ID = /^eden_([a-z0-9-]+)_([0-9a-f-]{36})_(\d+)_(\d+)(?:_([0-9a-f]{16}))?$/;

export function formatPreparedId({ installation, runUuid, epoch, number, token }: PreparedIdParts): string {
  const id = `eden_${installation}_${runUuid}_${epoch}_${number}`;
  return token === '' ? id : `${id}_${token}`;
}

/** The parts of an id of ours, null for everybody else's. */
export function parsePreparedId(preparedId: string): PreparedIdParts | null {
  const [, installation, run, epoch, number, token = ''] = PREPARED_ID.exec(preparedId) ?? [];
  if (installation === undefined || run === undefined || !isUuid(run)) return null;
  return { installation, runUuid: asUuid(run), epoch: Number(epoch), number: Number(number), token };
}
