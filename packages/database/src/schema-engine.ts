import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { LOCK_TRIES, PatientScripts } from './patient-scripts.js';

/*
 * Prisma's schema engine as WebAssembly: the one that `prisma migrate` runs as a binary. The package expects a bundler
 * to instantiate it; this file does so by hand.
 */

export type SchemaEngine = engineModule.SchemaEngine;

const PACKAGE = '@prisma/schema-engine-wasm';

let instantiated: Promise<void> | undefined;

/** The engine never clears the timer of its lock timeout, which would hold up the end of the process for 10 s. */
function withoutLastingTimers(imports: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const unreferenced = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref();
  return Object.fromEntries(
    Object.entries(imports).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? unreferenced : value]),
  );
}

async function instantiate(): Promise<void> {
  // The engine hands a panic's message to this global before it dies of it.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        throw new Error(`The schema engine panicked: ${message}`);
      },
    },
  });
  const folder = dirname(createRequire(import.meta.url).resolve(PACKAGE));
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': withoutLastingTimers(engineModule),
  });
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/** The adapter's own way splits a script at every `;`, also inside functions and strings, and leaves half of a failing one behind. */
async function executeScript(scripts: PatientScripts, script: string): Promise<void> {
  try {
    await scripts.run(script);
  } catch (error) {
    const { code = 'N/A', severity = 'ERROR', message, detail, hint, column } = error as pg.DatabaseError;
    throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, hint, column });
  }
}

/** Connects the engine through a pool, which stays the caller's. */
export class SchemaEngineAdapterFactory extends PrismaPg {
  constructor(
    protected readonly pool: pg.Pool,
    private readonly scripts: PatientScripts = new PatientScripts(pool, LOCK_TRIES),
  ) {
    super(pool);
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const scripts: Pick<SqlDriverAdapter, 'executeScript'> = {
      executeScript: (script) => executeScript(this.scripts, script),
    };
    return Object.assign(adapter, scripts);
  }
}

/** An engine for the schema, given as the text of schema.prisma. */
export async function createSchemaEngine(factory: SchemaEngineAdapterFactory, schema: string): Promise<SchemaEngine> {
  await (instantiated ??= instantiate());
  const datamodels: [string, string][] = [['schema.prisma', schema]];
  return engineModule.SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
}
