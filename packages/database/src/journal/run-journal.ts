import type { OrganizationReader, RunJournal, Uuid } from '@eden/domain';
import type pg from 'pg';
import type { Client } from '../client.js';
import type { Notifications } from '../listen.js';
import { installations, type Installation } from '../places/installation.js';
import { aborts } from './abort.js';
import { claims } from './claims.js';
import { commits } from './commit.js';
import { databases } from './databases.js';
import { endings } from './endings.js';
import { outsideSteps } from './outside-steps.js';
import { progress } from './progress.js';
import { recovery } from './recovery.js';
import { settled } from './settled.js';
import { starts } from './start.js';
import { timelines } from './timeline.js';

interface JournalParts {
  readonly client: Client;
  /** The same that the client is on. */
  readonly pool: pg.Pool;
  readonly notifications: Notifications;
  readonly installation: Installation;
  reader(organizationUuid: Uuid): OrganizationReader;
}

/** The journal works across organizations: a worker is told of a run, and the run says whose it is. */
export function createRunJournal({ client, pool, notifications, installation, reader }: JournalParts): RunJournal {
  return {
    ...claims(client, pool),
    ...starts(client, pool),
    ...progress(client),
    ...databases(client),
    ...endings(client),
    ...outsideSteps(client),
    ...commits(client, pool),
    ...aborts(client),
    ...recovery(client, notifications),
    ...settled(client),
    ...timelines(client),
    reader,
    ...installations(installation),
  };
}
