import type { Connection } from '@eden/client';
import { connect } from '@eden/client';
import type { ApiClient } from '@eden/testkit';

const READERS = 3;
const WRITERS = 3;
const KEYED = 2;
/** Several for each gateway. */
const BURST = 24;

/** What came back for requests of one sort. */
export class Answers {
  sent = 0;
  longestMs = 0;
  /** Each other answer than the one that was wanted, and how often. */
  readonly others = new Map<string, number>();

  count(outcome: string | null, tookMs: number): void {
    this.sent += 1;
    this.longestMs = Math.max(this.longestMs, Math.round(tookMs));
    if (outcome !== null) this.others.set(outcome, (this.others.get(outcome) ?? 0) + 1);
  }

  get failed(): number {
    return [...this.others.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** Requests without end through a load balancer, until it is told to stop. */
export class Load {
  /** GETs, sent once each. */
  readonly reads = new Answers();
  /** POSTs without a key, sent once each, that insert the number they carry. */
  readonly writes = new Answers();
  /** POSTs with a key, by the typed client, which sends them again. */
  readonly keyed = new Answers();
  private stopped = false;
  private readonly loops: readonly Promise<void>[];
  private readonly connection: Connection;

  /** @param first The numbers that this load inserts begin here. */
  constructor(
    private readonly client: ApiClient,
    private readonly first: number,
  ) {
    this.connection = connect({ url: client.gatewayUrl, token: () => client.token });
    this.loops = [
      ...Array.from({ length: READERS }, () => this.repeat(this.reads, () => this.read())),
      ...Array.from({ length: WRITERS }, () => this.repeat(this.writes, () => this.write())),
      ...Array.from({ length: KEYED }, () => this.repeat(this.keyed, () => this.create())),
    ];
  }

  /** Resolves when the last answer is there. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  /** Reads that meet every gateway. */
  async burst(): Promise<void> {
    await Promise.all(Array.from({ length: BURST }, () => this.once(this.reads, () => this.read())));
  }

  private async repeat(answers: Answers, send: () => Promise<string | null>): Promise<void> {
    while (!this.stopped) await this.once(answers, send);
  }

  private async once(answers: Answers, send: () => Promise<string | null>): Promise<void> {
    const start = performance.now();
    const outcome = await send().catch((error: unknown) => String(error));
    answers.count(outcome, performance.now() - start);
  }

  private async read(): Promise<string | null> {
    return describe(await this.client.get('/migrations/standing'));
  }

  private async write(): Promise<string | null> {
    return describe(await this.client.post('/apis/note', { n: this.nextNumber() }));
  }

  private async create(): Promise<string | null> {
    await this.connection.POST('/api/v1/migrations', { body: { id: `made_${this.nextNumber()}` } });
    return null;
  }

  private taken = 0;

  private nextNumber(): number {
    return this.first + (this.taken += 1);
  }
}

/** Null for success; else what makes an answer one that a client can act on, or not. */
function describe({ status, body, headers }: Awaited<ReturnType<ApiClient['get']>>): string | null {
  if (status === 200) return null;
  const code = (body as { code?: string } | undefined)?.code ?? 'without a code';
  const wait = headers.has('retry-after') ? ', Retry-After' : '';
  return `${status} ${code}${wait}`;
}
