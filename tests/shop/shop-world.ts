import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceTool } from '@eden/domain';
import type { Cluster } from '@eden/testkit';
import { CliWorld } from '../cli/cli-world.js';
import type { Outcome } from '../cli/eden-process.js';
import { rowsOf } from '../customers/customer-world.js';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

/** A service of the shop: its name is that of its endpoint and of its source. */
interface Service {
  readonly name: string;
  readonly tool: SourceTool;
  readonly folder: string;
  /** The history that its tool keeps, whole. */
  readonly history: string;
}

export const SERVICES: readonly Service[] = [
  { name: 'billing', tool: 'drizzle', folder: 'billing/drizzle', history: 'drizzle.__drizzle_migrations' },
  { name: 'catalog', tool: 'prisma', folder: 'catalog/prisma/migrations', history: '_prisma_migrations' },
  { name: 'customers', tool: 'dbmate', folder: 'customers/db/migrations', history: 'schema_migrations' },
  { name: 'orders', tool: 'node-pg-migrate', folder: 'orders/migrations', history: 'pgmigrations' },
];

/** What is pulled week after week: examples/shop-weeks. */
type Week = '2' | '3' | '3-mended' | '4' | '4-mended';

/** A checkout of examples/shop, four empty databases, and somebody who calls `eden` there. */
export class ShopWorld {
  private constructor(readonly cli: CliWorld) {}

  static async create(cluster: Cluster): Promise<ShopWorld> {
    const names = SERVICES.map(({ name }) => name);
    const world = new ShopWorld(await CliWorld.create(cluster, names));
    cpSync(join(EXAMPLES, 'shop'), world.folder, { recursive: true });
    return world;
  }

  get folder(): string {
    return this.cli.folder;
  }

  urlOf(name: string): string {
    return this.cli.database(name).url;
  }

  /** What `git pull` would bring. */
  pull(week: Week): void {
    cpSync(join(EXAMPLES, 'shop-weeks', week), this.folder, { recursive: true });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  list(path: string): string[] {
    return readdirSync(join(this.folder, path)).sort();
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  apply(): Promise<Outcome> {
    return this.cli.eden(['apply', '--wait', '--yes']);
  }

  rows(name: string, sql: string): Promise<Record<string, unknown>[]> {
    return rowsOf(this.cli.database(name), sql);
  }

  /** The columns of every table, service by service, histories among them. */
  async schemas(): Promise<Record<string, string[]>> {
    return this.inEach(async (name) => {
      const rows = await this.rows(
        name,
        `SELECT format('%s.%s %s', table_name, column_name, data_type) AS line FROM information_schema.columns
          WHERE table_schema !~ '^(pg_|information_schema$|_eden)' ORDER BY 1`,
      );
      return rows.map(({ line }) => String(line));
    });
  }

  /** The rows of every history that is there, service by service. */
  async histories(): Promise<Record<string, unknown[] | null>> {
    return this.inEach(async (name, { history }) => {
      const [found] = await this.rows(name, `SELECT to_regclass('${history}') IS NOT NULL AS is_there`);
      return found?.['is_there'] === true ? this.rows(name, `SELECT * FROM ${history} ORDER BY 1`) : null;
    });
  }

  private async inEach<Found>(
    look: (name: string, service: Service) => Promise<Found>,
  ): Promise<Record<string, Found>> {
    const found: Record<string, Found> = {};
    for (const service of SERVICES) found[service.name] = await look(service.name, service);
    return found;
  }
}
