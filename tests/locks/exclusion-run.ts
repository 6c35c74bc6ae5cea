import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ManagedProcess, RedisServer, Sandbox } from '@eden/sandbox';
import { findOverlaps, readSections, type Section } from './section-log.js';
import type { Visiting } from './visitor.js';

const VISITOR = fileURLToPath(new URL('visitor.ts', import.meta.url));
const HOOKS = new URL('../../packages/locking/src/testing/register-hooks.js', import.meta.url).href;

export interface ExclusionOptions {
  readonly masters: number;
  readonly processes: number;
  readonly seconds: number;
  readonly ttlMs: number;
}

export interface ExclusionReport {
  /** Sections whose lock was held to their end. */
  readonly intact: { readonly read: number; readonly write: number };
  /** Sections whose holder knew afterwards that it had lost the lock. */
  readonly lost: number;
  readonly overlaps: readonly (readonly [Section, Section])[];
  readonly faults: Readonly<Record<Fault, number>>;
}

/** Each leaves a quorum with the memory that it had, or everybody without one: what exclusion asks of the masters (protocol I1). */
const FAULTS = ['master frozen', 'master killed', 'visitor frozen', 'visitor killed'] as const;
type Fault = (typeof FAULTS)[number];

/** Visitors in processes of their own, one disturbance after the other, and what the visitors' log says in the end. */
export class ExclusionRun {
  private readonly logFile: string;
  private readonly visiting: Visiting;
  private readonly visitors: ManagedProcess[] = [];
  private started = 0;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly servers: readonly RedisServer[],
    private readonly options: ExclusionOptions,
  ) {
    const { ttlMs } = options;
    const id = randomUUID();
    this.logFile = join(sandbox.folder, `sections-${id}`);
    const urls = servers.map(({ url }) => url);
    const uuids = [randomUUID(), randomUUID()];
    this.visiting = { urls, uuids, ttlMs, logFile: this.logFile, readers: 3, writers: 1 };
  }

  static async perform(sandbox: Sandbox, options: ExclusionOptions): Promise<ExclusionReport> {
    const names = Array.from({ length: options.masters }, (_, n) => `master-${options.masters}-${n}`);
    const servers = await Promise.all(names.map((name) => sandbox.startRedis({ name })));
    return new ExclusionRun(sandbox, servers, options).perform();
  }

  private async perform(): Promise<ExclusionReport> {
    const { processes, seconds } = this.options;
    writeFileSync(this.logFile, '');
    for (let n = 0; n < processes; n += 1) await this.addVisitor();
    const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
    const end = performance.now() + seconds * 1000;
    for (let n = 0; performance.now() < end; n += 1) {
      const fault = FAULTS[n % FAULTS.length] as Fault;
      await this.inflict(fault);
      faults[fault] += 1;
      await pause(this.options.ttlMs * Math.random());
    }
    for (const visitor of this.visitors) await visitor.kill();
    return { ...this.evaluate(), faults };
  }

  private evaluate(): Omit<ExclusionReport, 'faults'> {
    const sections = readSections(this.logFile);
    const intact = sections.filter(({ isIntact }) => isIntact);
    const count = (mode: Section['mode']) => intact.filter((section) => section.mode === mode).length;
    const counts = { read: count('read'), write: count('write') };
    return { intact: counts, lost: sections.length - intact.length, overlaps: findOverlaps(sections) };
  }

  private async inflict(fault: Fault): Promise<void> {
    const { ttlMs } = this.options;
    const master = pick(this.servers);
    const visitor = pick(this.visitors);
    if (fault === 'master frozen') {
      master.freeze();
      await pause(ttlMs * 1.5 * Math.random());
      master.thaw();
    } else if (fault === 'master killed') {
      await master.kill();
      // Long enough for all that it has forgotten to be over.
      await pause(ttlMs);
      await master.restartEmpty();
    } else if (fault === 'visitor frozen') {
      visitor.freeze();
      await pause(ttlMs * 1.5);
      visitor.thaw();
    } else {
      this.visitors.splice(this.visitors.indexOf(visitor), 1);
      await visitor.kill();
      await this.addVisitor();
    }
  }

  private async addVisitor(): Promise<void> {
    this.started += 1;
    const args = ['--conditions=source', '--import', HOOKS, VISITOR, JSON.stringify(this.visiting)];
    const name = `visitor-${this.options.masters}-${this.started}`;
    this.visitors.push(await this.sandbox.startProcess({ name, command: process.execPath, args }));
  }
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)] as T;
}
