import type { Uuid } from '@eden/domain';
import type { Client, Db } from './client.js';
import type { ConfigCipher } from './encryption.js';
import { Prisma } from './generated/client.js';

/** What the queries of one organization are given. */
export interface Scope {
  /** Sees and writes this organization's rows only. */
  readonly db: Db;
  readonly organizationUuid: Uuid;
  readonly cipher: ConfigCipher;
}

type Arguments = Readonly<Record<string, unknown>>;

const CREATES = new Set(['create', 'createMany', 'createManyAndReturn']);

/**
 * THE place where queries get their organization: every query of the client answered here is narrowed to it, whatever
 * its author wrote, and every row that it creates belongs to it. Nested reads and writes follow foreign keys that hold
 * the organization too. Raw queries name it themselves.
 */
export function scopeToOrganization(client: Client, organizationUuid: Uuid): Client {
  const scoped = client.$extends({
    name: 'organization',
    query: {
      $allModels: {
        $allOperations: ({ model, operation, args, query }) =>
          query(narrow({ model, operation, args: args as Arguments }, organizationUuid) as typeof args),
      },
    },
  });
  return scoped as unknown as Client;
}

interface Query {
  readonly model: string;
  readonly operation: string;
  readonly args: Arguments;
}

function narrow({ model, operation, args }: Query, organizationUuid: Uuid): Arguments {
  if (!TENANT_MODELS.has(model)) throw new TypeError(`${model} belongs to no organization`);
  if (operation === 'upsert') throw new TypeError('upsert is not scoped');
  if (!CREATES.has(operation)) return { ...args, where: { ...(args['where'] as object), organizationUuid } };
  const own = (row: object): object => ({ ...row, organizationUuid });
  const data = args['data'] as object | object[];
  return { ...args, data: Array.isArray(data) ? data.map(own) : own(data) };
}

/** The models with a column for it. */
const TENANT_MODELS: ReadonlySet<string> = new Set(
  Object.values(Prisma.ModelName).filter(
    (model) => !['Installation', 'Organization', 'Place', 'RevokedToken'].includes(model),
  ),
);
