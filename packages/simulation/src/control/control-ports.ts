import { EdenError } from '@eden/domain';
import type {
  ControlStore,
  OrganizationReader,
  OrganizationStore,
  OrganizationTransactor,
  RunJournal,
  Uuid,
} from '@eden/domain';
import { asking, statementOf, type Ask, type ControlWay } from './control-way.js';
import * as claimed from './claims.js';
import * as found from './databases.js';
import { NEVER_CHANGED, NEVER_READ, notSimulated } from './not-simulated.js';
import * as journal from './journal.js';
import { outsideSteps } from './outside-steps-port.js';
import { readSteps } from './outside-steps.js';
import * as recovered from './recovery.js';
import * as reads from './reads.js';
import { readRun } from './steps.js';
import * as runWrites from './run-writes.js';
import * as sources from './sources.js';
import * as writes from './writes.js';

/** The journal as one process has it. */
export function journalOf(way: ControlWay): RunJournal {
  const ask = asking(way, 'journal');
  return {
    ...claims(ask),
    ...commits(ask),
    ...aborts(ask),
    ...recovery(ask, way),
    ...settled(ask),
    ...databases(ask, way),
    ...installations(ask, way),
    ...outsideSteps(ask),
    recordSource: (_organization, uuid, statuses) =>
      ask('recordSource', (at) => sources.recordSource(at, uuid, statuses)),
    noteSchemas: notSimulated,
    beginRehearsal: notSimulated,
    endRehearsal: notSimulated,
    reader: () => readerOf(asking(way, 'reader')),
  };
}

function claims(ask: Ask) {
  return {
    organizationOf: (runUuid) => ask('organizationOf', ({ tx }) => tx.get('runs', runUuid)?.organizationUuid ?? null),
    claim: (runUuid, owner, leaseMs) => ask('claim', (at) => claimed.claim(at, runUuid, owner, leaseMs)),
    giveBack: (owned, reason) => ask('giveBack', (at) => claimed.giveBack(at, owned, reason)),
    noteQueued: (runUuid, reason) => ask('noteQueued', (at) => claimed.noteQueued(at, runUuid, reason)),
    noteWaiting: (owned, wait) => ask('noteWaiting', (at) => claimed.noteWaiting(at, owned, wait)),
    recordEvents: (owned, events) => ask('recordEvents', (at) => journal.recordEvents(at, owned, events)),
    noteUnprepared: (owned, found) => ask('noteUnprepared', (at) => journal.noteUnprepared(at, owned, found)),
    waitedMs: (owned) => ask('waitedMs', (at) => claimed.waitedMs(at, owned)),
    sinceSyncMs: (owned) => ask('sinceSyncMs', (at) => claimed.sinceSyncMs(at, owned)),
    heartbeat: (owned) => ask('heartbeat', (at) => claimed.heartbeat(at, owned)),
    start: (owned, start, lockWaitMs) => ask('start', (at) => journal.start(at, owned, start, lockWaitMs)),
    recordApis: (owned, apis) => ask('recordApis', (at) => journal.recordApis(at, owned, apis)),
    recordEvent: (owned, type, data) => ask('recordEvent', (at) => journal.recordEvent(at, owned, type, data)),
    finishSync: (owned, plan) => ask('finishSync', (at) => journal.finishSync(at, owned, plan)),
    fail: (owned, error) => ask('fail', (at) => journal.fail(at, owned, error)),
  } satisfies Partial<RunJournal>;
}

function commits(ask: Ask) {
  return {
    enterDeciding: (owned, ms, prepared) =>
      ask('enterDeciding', (at) => journal.enterDeciding(at, owned, ms, prepared)),
    decide: (owned, ms, prepared) => ask('decide', (at) => journal.decide(at, owned, ms, prepared)),
    honour: (owned, found) => ask('honour', (at) => journal.honour(at, owned, found)),
    takeToken: (owned, token) => ask('takeToken', (at) => journal.takeToken(at, owned, token)),
    state: (runUuid) =>
      ask('state', (at) => {
        if (at.tx.get('runs', runUuid) === null) return null;
        at.tx.lock('runs', runUuid);
        const { state, epoch } = readRun(at, runUuid);
        return { state, epoch };
      }),
    complete: (owned) => ask('complete', (at) => journal.complete(at, owned)),
    markInDoubt: (owned, evidence) => ask('markInDoubt', (at) => journal.markInDoubt(at, owned, evidence)),
  } satisfies Partial<RunJournal>;
}

function aborts(ask: Ask) {
  return {
    beginAbort: (owned, outcome) => ask('beginAbort', (at) => journal.beginAbort(at, owned, outcome)),
    recant: (owned, outcome) => ask('recant', (at) => journal.recant(at, owned, outcome)),
    finishAbort: (owned, outcome, check) => ask('finishAbort', (at) => journal.finishAbort(at, owned, outcome, check)),
    timeline: () => ask('timeline', (at) => at.timeline),
  } satisfies Partial<RunJournal>;
}

function recovery(ask: Ask, { database, process }: ControlWay) {
  return {
    participants: (runUuid) => ask('participants', (at) => recovered.participants(at, runUuid)),
    abandoned: (leaseMs) => ask('abandoned', (at) => recovered.abandoned(at, leaseMs)),
    onReleased: (listener) => database.listen(process, 'eden_run_released', (uuid) => listener(uuid as Uuid | null)),
    adopt: (run, owner, leaseMs) => ask('adopt', (at) => recovered.adopt(at, run, owner, leaseMs)),
    participantEndpoints: () => ask('participantEndpoints', (at) => recovered.participantEndpoints(at)),
    takeDueSweeps: (everyMs, limit) => ask('takeDueSweeps', (at) => recovered.takeDueSweeps(at, everyMs, limit)),
    inDoubt: () => Promise.resolve({ runs: 0, oldestAgeMs: 0 }),
  } satisfies Partial<RunJournal>;
}

function settled(ask: Ask) {
  return {
    standings: (runs) => ask('standings', (at) => new Map(recovered.standings(at, runs).map((run) => [run.uuid, run]))),
    nextToAudit: (limit, keptDays) => ask('nextToAudit', (at) => recovered.nextToAudit(at, limit, keptDays)),
    noteContradiction: (runUuid, contradiction) =>
      ask('noteContradiction', (at) => recovered.noteContradiction(at, runUuid, contradiction)),
  } satisfies Partial<RunJournal>;
}

function databases(ask: Ask, way: ControlWay) {
  return {
    noteDatabases: (owned, notes) => ask('noteDatabases', (at) => found.noteDatabases(at, owned, notes)),
    endpointsAt: (key) => ask('endpointsAt', (at) => found.endpointsAt(at, key)),
    renewDatabase: (owned, renewal, renew) =>
      inTransaction(way, 'journal', async (within) => {
        await within('beginRenewal', (at) => found.beginRenewal(at, owned, renewal));
        if (!(await renew())) return false;
        await within('endRenewal', (at) => found.endRenewal(at, renewal.endpoints));
        return true;
      }),
  } satisfies Partial<RunJournal>;
}

/** Asked until the place is known, and never again. */
function installations(ask: Ask, { place }: ControlWay) {
  let known: string | null = null;
  const installation = async (): Promise<string> => {
    known ??= await ask('installation', ({ tx }) => {
      const row = tx.get('places', place);
      if (row === null) throw new EdenError('SERVICE_UNAVAILABLE', { unknown_place: true });
      return row.installationId;
    });
    return known;
  };
  return {
    installation,
    earlierInstallations: async () => {
      const own = await installation();
      return ask('earlierInstallations', ({ tx }) =>
        tx.all('installations').flatMap(({ id }) => (id === own ? [] : [id])),
      );
    },
  } satisfies Partial<RunJournal>;
}

function readerOf(ask: Ask): OrganizationReader {
  return {
    ...NEVER_READ,
    endpoint: (ref) => ask('endpoint', (at) => reads.endpoint(at, ref)),
    endpointsByUuid: (uuids) => ask('endpointsByUuid', (at) => reads.endpointsByUuid(at, uuids)),
    databasesOfRuns: (uuid) => ask('databasesOfRuns', (at) => reads.databasesOfRuns(at, uuid)),
    templateUuids: (refs) => ask('templateUuids', (at) => refs.map((ref) => reads.template(at, ref).uuid)),
    runApis: (uuid) => ask('runApis', ({ tx }) => tx.get('runs', uuid)?.apis ?? []),
    template: (ref) => ask('template', (at) => reads.template(at, ref)),
    templatesByUuid: (uuids) => ask('templatesByUuid', (at) => reads.templatesByUuid(at, uuids)),
    api: (ref) => ask('api', (at) => reads.api(at, ref)),
    migration: (ref) => ask('migration', (at) => reads.migration(at, ref)),
    members: (uuid) => ask('members', (at) => reads.members(at, uuid)),
    workVersion: (uuid) => ask('workVersion', (at) => reads.workVersion(at, uuid)),
    plan: (uuid) => ask('plan', ({ tx }) => tx.get('migrations', uuid)?.plan ?? null),
    unprepared: (uuid, hash) => ask('unprepared', (at) => reads.unprepared(at, uuid, hash)),
    run: (uuid) => ask('run', (at) => readRun(at, uuid)),
    latestRun: (uuid, kind, not) => ask('latestRun', (at) => reads.latestRun(at, uuid, kind, not)),
    outsideSteps: (uuid) => ask('outsideSteps', (at) => readSteps(at, uuid)),
    sources: (migration) => ask('sources', (at) => sources.sources(at, migration)),
    source: (migration, ref) => ask('source', (at) => sources.source(at, migration, ref)),
    sourceBytes: (migration, without) => ask('sourceBytes', (at) => sources.sourceBytes(at, migration, without)),
    sourceFiles: (uuid) => ask('sourceFiles', ({ tx }) => tx.get('sources', uuid)?.files ?? []),
    // Simulated statements drop and rename nothing.
    apiTemplates: () => Promise.resolve([]),
  };
}

/** A server ends a transaction whose process says nothing for so long. */
const IDLE_MS = 5_000;

function transactorOf(ask: Ask, way: ControlWay): OrganizationTransactor {
  const { database, process } = way;
  const naming = () => ({ uuid: process.random.uuid(), order: database.nextOrder() });
  return {
    ...NEVER_CHANGED,
    ...readerOf(ask),
    insertSource: (source) => {
      const names = { source: naming(), api: naming(), membership: naming() };
      return ask('insertSource', (at) => sources.insertSource(at, source, names));
    },
    replaceSource: (source, replacement) =>
      ask('replaceSource', (at) => sources.replaceSource(at, source, replacement)),
    updateEndpoint: (uuid, changes) => ask('updateEndpoint', (at) => writes.updateEndpoint(at, uuid, changes)),
    updateTemplate: (uuid, changes) => ask('updateTemplate', (at) => writes.updateTemplate(at, uuid, changes)),
    updateApi: (uuid, changes) => ask('updateApi', (at) => writes.updateApi(at, uuid, changes)),
    updateMigration: (uuid, changes) => ask('updateMigration', (at) => writes.updateMigration(at, uuid, changes)),
    attachApi: (membership) => ask('attachApi', (at) => writes.attachApi(at, membership, naming())),
    detachApi: (migration, api) => ask('detachApi', (at) => writes.detachApi(at, migration, api)),
    deleteEndpoint: (uuid) => ask('deleteEndpoint', (at) => writes.deleteEndpoint(at, uuid)),
    deleteTemplate: (uuid) => ask('deleteTemplate', (at) => writes.deleteTemplate(at, uuid)),
    deleteApi: (uuid) => ask('deleteApi', (at) => writes.deleteApi(at, uuid)),
    deleteMigration: (uuid) =>
      ask('deleteMigration', (at) => {
        writes.deleteMigration(at, uuid);
        sources.deleteSourcesOf(at, uuid);
      }),
    insertRun: (run) => ask('insertRun', (at) => runWrites.insertRun(at, run, naming())),
    unfinishedRuns: (uuid) => ask('unfinishedRuns', (at) => runWrites.lockAndReadUnfinished(at, uuid)),
    cancelRun: (run, actor) => ask('cancelRun', (at) => runWrites.cancelRun(at, run, actor)),
    pauseRun: (run, actor) => ask('pauseRun', (at) => runWrites.pauseRun(at, run, actor)),
    resumeRun: (run, actor) => ask('resumeRun', (at) => runWrites.resumeRun(at, run, actor)),
    tuneRun: (run, actor, tuning) => ask('tuneRun', (at) => runWrites.tuneRun(at, run, actor, tuning)),
    resolveRun: (run, resolution) => ask('resolveRun', (at) => runWrites.resolveRun(at, run, resolution)),
    audit: () => Promise.resolve(),
    insertEndpoint: (endpoint) => ask('insertEndpoint', (at) => writes.insertEndpoint(at, endpoint, naming())),
    insertTemplate: (template) => ask('insertTemplate', (at) => writes.insertTemplate(at, template, naming())),
    insertApi: (api) => ask('insertApi', (at) => writes.insertApi(at, api, naming())),
    insertMigration: (migration) => ask('insertMigration', (at) => writes.insertMigration(at, migration, naming())),
  };
}

function organizationOf(way: ControlWay): OrganizationStore {
  return {
    ...readerOf(asking(way, 'store')),
    touchApi: (uuid) => asking(way, 'store')('touchApi', ({ tx }) => tx.change('apis', uuid, { untouchedOn: null })),
    transact: (work) => transact(way, work),
  };
}

function transact<T>(way: ControlWay, work: (tx: OrganizationTransactor) => Promise<T>): Promise<T> {
  return inTransaction(way, 'store', (ask) => work(transactorOf(ask, way)));
}

async function inTransaction<T>(way: ControlWay, port: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { database, process } = way;
  const transaction = database.begin();
  process.onEnd(() => transaction.rollBack());
  database.network.later(IDLE_MS, () => transaction.rollBack());
  const ask: Ask = (name, statement) =>
    database.askWithin(process, `${port}.${name}`, transaction, (tx) => statement(statementOf(way, tx)));
  try {
    const value = await work(ask);
    await ask('commit', () => database.commit(transaction));
    return value;
  } catch (error) {
    database.network.later(database.network.latency(), () => transaction.rollBack());
    throw error;
  }
}

/** The store as one gateway has it. */
export function storeOf(way: ControlWay): ControlStore {
  const organization = organizationOf(way);
  const { installation } = installations(asking(way, 'store'), way);
  return {
    organization: () => organization,
    audit: notSimulated,
    checkPlace: async () => {
      await installation();
    },
    check: () => asking(way, 'store')('check', () => undefined),
    checkSchema: () => Promise.resolve(),
    findHook: notSimulated,
    waitAtGate: notSimulated,
    waitForRun: notSimulated,
    followRun: notSimulated,
    followOrganization: notSimulated,
    identity: {
      createOrganization: notSimulated,
      findLogin: notSimulated,
      organizationUuid: notSimulated,
      now: notSimulated,
      authenticate: notSimulated,
      authenticateKey: notSimulated,
      revokeToken: notSimulated,
      authenticateProvided: notSimulated,
      openSession: notSimulated,
      session: notSimulated,
      closeSession: notSimulated,
    },
    idempotency: { reserve: notSimulated, renew: notSimulated, answer: notSimulated, forget: notSimulated },
  };
}
