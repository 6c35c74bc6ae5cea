import { appendFileSync } from 'node:fs';
import process from 'node:process';
import pg from 'pg';
import { expect } from '@jest/globals';
import type { Cluster, ServiceProcess } from '@eden/testkit';
import { createDatabase, eventually, startCluster, testServers } from '@eden/testkit';
import type { RunView } from '../crash/counter-world.js';
import { CounterWorld } from '../crash/counter-world.js';
import { Reader } from '../crash/reader.js';
import type { Version } from './versions.js';
import { deploySchema, mainsOf } from './versions.js';

/** So long the runs of a dead worker stay with it. */
const LOCK_TTL_MS = '1500';

/** A gateway of each version before the same databases, calls at both of them, and workers of either version. */
export class Rollout {
  private readonly worlds = new Map<Version, CounterWorld>();
  private readonly workers = new Map<Version, ServiceProcess>();
  private readonly readers = new Map<Version, Reader>();
  /** How often the counters were raised, less how often that was undone. */
  private raised = 0;
  private migrations = 0;
  /** Through each gateway. */
  private readonly runs = new Map<Version, number>();

  private constructor(
    private readonly cluster: Cluster,
    earlier: CounterWorld,
  ) {
    this.worlds.set('earlier', earlier);
    this.workers.set('earlier', cluster.workers[0] as ServiceProcess);
    this.readers.set('earlier', new Reader(earlier));
  }

  /** A gateway and a worker of the earlier version over the schema of that version. */
  static async begin(): Promise<Rollout> {
    const { url } = await createDatabase(testServers().control);
    await deploySchema('earlier', url);
    const env = { DATABASE_URL: url, LOCK_TTL_MS };
    const cluster = await startCluster({ env, mains: mainsOf('earlier') });
    return new Rollout(cluster, await CounterWorld.create(cluster, 2));
  }

  /** Expand: the schema of this version below the processes of the earlier one. */
  async deploy(): Promise<void> {
    await deploySchema('this', this.cluster.databaseUrl);
  }

  async addGateway(): Promise<void> {
    const { url } = await this.cluster.addGateway({}, { mains: mainsOf('this') });
    const world = this.at('earlier').at(url);
    this.worlds.set('this', world);
    this.readers.set('this', new Reader(world));
  }

  /** The service as the gateway of a version tells it. */
  at(version: Version): CounterWorld {
    const world = this.worlds.get(version);
    if (world === undefined) throw new Error(`no gateway of ${version} yet`);
    return world;
  }

  /** From now on only a worker of this version works: it is there before the other one is stopped. */
  async workBy(version: Version): Promise<void> {
    const former = [...this.workers].filter(([each]) => each !== version);
    if (!this.workers.has(version)) await this.addWorker(version);
    for (const [each, worker] of former) {
      await worker.stop();
      this.workers.delete(each);
    }
  }

  async addWorker(version: Version): Promise<void> {
    this.workers.set(version, await this.cluster.addWorker({}, { mains: mainsOf(version) }));
  }

  async killWorker(version: Version): Promise<void> {
    await this.workers.get(version)?.kill();
    this.workers.delete(version);
  }

  /** A migration that a gateway has synced; it raises the counters by one. */
  async prepare(gateway: Version): Promise<string> {
    const id = `raise_${(this.migrations += 1)}`;
    await this.at(gateway).prepareMigration(id);
    return id;
  }

  /** Through a gateway; it has to succeed. Answers the run. */
  async migrate(id: string, gateway: Version): Promise<string> {
    const run = await this.at(gateway).startMigration(id);
    await this.finish(run, gateway);
    return run;
  }

  /** Through a gateway; it has to succeed. */
  async rollBack(id: string, gateway: Version): Promise<void> {
    const answer = await this.at(gateway).client.post(`/migrations/${id}/rollback`);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    this.raised -= 1;
    this.count(gateway);
  }

  /** Keeps migrations waiting, and no calls: a report that reads the table. Ended by `end()`. */
  async block(): Promise<pg.Client> {
    const blocker = new pg.Client({ connectionString: this.at('earlier').databases[0]?.url });
    await blocker.connect();
    await blocker.query('BEGIN; SELECT FROM counter');
    return blocker;
  }

  /** Asks for a migration that then waits for a blocker. Answers the run, which has begun. */
  async beginBlocked(id: string, gateway: Version): Promise<string> {
    const run = await this.at(gateway).startMigration(id);
    await eventually(async () => {
      const types = (await this.at(gateway).events(run)).map(({ type }) => type);
      expect(types).toContain('blocked');
    });
    return run;
  }

  /** A run that is at work ends well after all. */
  async finish(run: string, gateway: Version): Promise<RunView> {
    const ended = await this.at(gateway).endOf(run);
    expect(ended).toMatchObject({ state: 'succeeded' });
    this.raised += 1;
    this.count(gateway);
    return ended;
  }

  private count(gateway: Version): void {
    this.runs.set(gateway, (this.runs.get(gateway) ?? 0) + 1);
  }

  /** What the databases, and calls at each gateway, have to show; nothing torn or refused since the last time. */
  async expectWhole(): Promise<void> {
    const counters = [this.raised, this.raised];
    for (const world of this.worlds.values()) expect(await world.execute()).toEqual({ status: 200, counters });
    for (const { torn, unexpected } of this.readers.values())
      expect({ torn, unexpected }).toEqual({ torn: [], unexpected: [] });
  }

  /** Ends the calls. Each gateway has answered some, and none in another way than it should. */
  async end(): Promise<void> {
    for (const [version, reader] of this.readers) {
      const executions = await reader.stop();
      report({
        gateway: version,
        executions,
        refused: reader.refused,
        torn: reader.torn.length,
        runs: this.runs.get(version),
      });
      expect(executions).toBeGreaterThan(0);
      expect(reader.refused).toBe(0);
    }
  }
}

function report(line: object): void {
  const file = process.env['EDEN_UPGRADE_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
