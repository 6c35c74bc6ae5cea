import type { OrganizationReader, RunJournal, Uuid } from '@eden/domain';
import type { Client } from '../client.js';
import type { Notifications } from '../listen.js';
import { installations, type Installation } from '../places/installation.js';
import { aborts } from './abort.js';
import { claims } from './claims.js';
import { commits } from './commit.js';
import { databases } from './databases.js';
import { endings } from './endings.js';
import { progress } from './progress.js';
import { recovery } from './recovery.js';
import { settled } from './settled.js';
import { starts } from './start.js';
import { timelines } from './timeline.js';

/** The journal works across organizations: a worker is told of a run, and the run says whose it is. */
export function createRunJournal(
  client: Client,
  notifications: Notifications,
  installation: Installation,
  reader: (organizationUuid: Uuid) => OrganizationReader,
): RunJournal {
  return {
    ...claims(client),
    ...starts(client),
    ...progress(client),
    ...databases(client),
    ...endings(client),
    ...commits(client),
    ...aborts(client),
    ...recovery(client, notifications),
    ...settled(client),
    ...timelines(client),
    reader,
    ...installations(installation),
  };
}
