import type { RunJournal } from '@eden/domain';
import type { Client, Db } from '../client.js';
import { Prisma } from '../generated/client.js';

/** Within a transaction that writes it does not change. */
export async function readTimeline(db: Db): Promise<string> {
  const [row] = await db.$queryRaw<[{ timeline: string }]>(Prisma.sql`SELECT eden_timeline() AS timeline`);
  return row.timeline;
}

export function timelines(client: Client): Pick<RunJournal, 'timeline'> {
  return { timeline: () => readTimeline(client) };
}
