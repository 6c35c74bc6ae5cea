import { EdenError } from '@eden/domain';
import type { Client } from './client.js';
import { SETTINGS } from './session-settings.js';

/** Some poolers let a client in and forget what it has asked for. @throws EdenError SERVICE_UNAVAILABLE */
export async function checkSettings(client: Client): Promise<void> {
  const rows = await client.$queryRaw<{ name: string; value: string }[]>`
    SELECT name, current_setting(name) AS value FROM unnest(${Object.keys(SETTINGS)}::text[]) AS name`;
  const lost = rows.filter(({ name, value }) => value !== SETTINGS[name]).map(({ name }) => name);
  if (lost.length === 0) return;
  const details = 'A pooler in front of the control database drops session settings: set DATABASE_DIRECT_URL';
  throw new EdenError('SERVICE_UNAVAILABLE', { details, settings: lost });
}
