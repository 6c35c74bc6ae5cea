import {
  asUuid,
  type CallableHook,
  type Hook,
  type HookAction,
  type HookAnswer,
  type OrganizationReader,
  type OrganizationTransactor,
  type Uuid,
} from '@eden/domain';
import type { Client } from '../client.js';
import type { ConfigCipher } from '../encryption.js';
import { Prisma, type Hook as HookRow, type HookCall as HookCallRow } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { readPage } from './paging.js';
import { findByRef, found } from './references.js';
import { sealed } from './sealed.js';

/** What of a hook is encrypted. */
type HookSecrets = { readonly current: string; readonly previous?: string };

const MS_PER_SECOND = 1000;

function toHook(row: HookRow): Hook {
  const { id, migrations, actions, previousValidUntil, createdBy, createdAt, updatedAt } = row;
  const uuid = asUuid(row.uuid);
  return {
    uuid,
    id,
    migrations,
    actions: actions as HookAction[],
    previousValidUntil,
    createdBy,
    createdAt,
    updatedAt,
  };
}

export function hookReads({ db }: Scope): Pick<OrganizationReader, 'hook' | 'hooks'> {
  return {
    hook: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => db.hook.findFirst({ where: { uuid } }),
        (id) => db.hook.findFirst({ where: { id } }),
      );
      return toHook(found(row, 'Hook', ref));
    },
    hooks: (page) => readPage(page, (keyset) => db.hook.findMany({ ...keyset }), toHook),
  };
}

type HookWrites = Pick<
  OrganizationTransactor,
  'insertHook' | 'rotateHook' | 'deleteHook' | 'beginHookCall' | 'answerHookCall'
>;

export function hookWrites(scope: Scope): HookWrites {
  const { db, organizationUuid } = scope;
  return {
    insertHook: async ({ id, migrations, actions, secret, createdBy }) => {
      const uuid = newUuid();
      const secrets = sealed(scope, uuid, { current: secret } satisfies HookSecrets);
      const lists = { migrations: [...migrations], actions: [...actions] };
      return toHook(await db.hook.create({ data: { uuid, organizationUuid, id, ...lists, secrets, createdBy } }));
    },
    rotateHook: (uuid, secret, overlapSeconds) => rotateHook(scope, uuid, { secret, overlapSeconds }),
    deleteHook: async (uuid) => {
      await db.hook.delete({ where: { uuid } });
    },
    beginHookCall: (hookUuid, digest) => beginHookCall(scope, hookUuid, digest),
    answerHookCall: async (hookUuid, digest, { runUuid, status }) => {
      const where = { hookUuid_digest: { hookUuid, digest } };
      return toAnswer(await db.hookCall.update({ where, data: { runUuid, status } }), { runUuid, status });
    },
  };
}

async function rotateHook(
  { db, cipher, organizationUuid }: Scope,
  uuid: Uuid,
  { secret, overlapSeconds }: { readonly secret: string; readonly overlapSeconds: number },
): Promise<Hook> {
  // Of two at once the second exchanges the secret that the first has shown, and not the one before it.
  await db.$queryRaw(Prisma.sql`
    SELECT FROM hooks WHERE organization_uuid = ${organizationUuid}::uuid AND uuid = ${uuid}::uuid FOR UPDATE`);
  const row = found(await db.hook.findFirst({ where: { uuid } }), 'Hook', uuid);
  const { current } = secretsOf(cipher, row);
  const previous = overlapSeconds > 0 ? { previous: current } : {};
  const secrets = sealed({ cipher, organizationUuid }, uuid, { current: secret, ...previous });
  const until = overlapSeconds > 0 ? new Date(Date.now() + overlapSeconds * MS_PER_SECOND) : null;
  return toHook(await db.hook.update({ where: { uuid }, data: { secrets, previousValidUntil: until } }));
}

/** Who comes second waits at the first one's row until that has committed, or was rolled back. */
async function beginHookCall(
  { db, organizationUuid }: Scope,
  hookUuid: Uuid,
  digest: string,
): Promise<HookAnswer | null> {
  const { count } = await db.hookCall.createMany({
    data: [{ organizationUuid, hookUuid, digest }],
    skipDuplicates: true,
  });
  if (count === 1) return null;
  const row = await db.hookCall.findFirstOrThrow({ where: { hookUuid, digest } });
  return toAnswer(row, { runUuid: asUuid(String(row.runUuid)), status: row.status as HookAnswer['status'] });
}

function toAnswer({ createdAt }: HookCallRow, answer: Omit<HookAnswer, 'at'>): HookAnswer {
  return { ...answer, at: createdAt };
}

function secretsOf(cipher: ConfigCipher, { uuid, organizationUuid, secrets }: HookRow): HookSecrets {
  const owner = { organizationUuid: asUuid(organizationUuid), endpointUuid: asUuid(uuid) };
  return cipher.decrypt(secrets, owner) as HookSecrets;
}

/** Whoever calls a hook names no organization. */
export async function findHook(client: Client, cipher: ConfigCipher, uuid: Uuid): Promise<CallableHook | null> {
  const row = await client.hook.findUnique({ where: { uuid }, include: { organization: { select: { id: true } } } });
  if (row === null) return null;
  const { current, previous } = secretsOf(cipher, row);
  const isPreviousValid =
    previous !== undefined && row.previousValidUntil !== null && row.previousValidUntil > new Date();
  return {
    organizationUuid: asUuid(row.organizationUuid),
    organizationId: row.organization.id,
    hook: toHook(row),
    secrets: [current, ...(isPreviousValid ? [previous] : [])],
  };
}
