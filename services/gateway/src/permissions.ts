import type { AccessLevel, KeyScope, ResourceKind } from '@eden/domain';

/*
 * Who may call what: one row per operation, and nothing about it anywhere else. The check in front of every handler,
 * the OpenAPI document, docs/reference/permissions.md and the test that tries every row are all made from this table.
 * An operation without a row does not start, and a row without an operation fails the test.
 */

/**
 * Which grants override the caller's level in the organization, both ways:
 * of the resource that the path names (`run`: of its migration); `listed`: of each resource, and only those that the
 * caller may read are in the list; `everything`: tells of all resources, and so is for nobody whom a grant keeps from any,
 * but for SuperAdmins; `none`: of nothing.
 */
export type Grant = ResourceKind | 'run' | 'listed' | 'everything' | 'none';

/** For callers with a token, or a robot's key. */
export interface SubjectPermission {
  /** The least level. */
  readonly level: AccessLevel;
  /** Any one of them lets a key in, which is held to its robot's level as well. None: only people may. */
  readonly scopes: readonly KeyScope[];
  readonly grant: Grant;
  /** The level above is enough where the definition only reads; how much more it needs is known when it is loaded. */
  readonly byDefinition?: true;
  /** A grant takes nothing from a SuperAdmin here, or nobody might be left who can give it back. */
  readonly keepsSuperAdmins?: true;
}

/** For callers that bring something else to show who they are, which the operation itself checks. */
export interface OpenPermission {
  readonly credentials: 'basic' | 'organizationToken' | 'signature' | 'ticket' | 'session' | 'none';
}

export type Permission = SubjectPermission | OpenPermission;

export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'post /new': { credentials: 'organizationToken' },
  'post /auth/login': { credentials: 'basic' },
  'post /auth/refresh': { level: 'Read', scopes: [], grant: 'none' },
  'post /auth/session': { credentials: 'basic' },
  'post /auth/session/refresh': { credentials: 'session' },
  'delete /auth/session': { credentials: 'session' },
  'get /auth/providers': { credentials: 'none' },
  'get /auth/oidc/start': { credentials: 'none' },
  'get /auth/oidc/callback': { credentials: 'none' },
  'post /auth/logout': { level: 'Read', scopes: [], grant: 'none' },

  'post /iam/users': { level: 'Admin', scopes: [], grant: 'none' },
  'get /iam/users': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'get /iam/users/{user}': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'patch /iam/users/{user}': { level: 'Admin', scopes: [], grant: 'none' },
  'delete /iam/users/{user}': { level: 'Admin', scopes: [], grant: 'none' },

  'get /auth/me': { level: 'Read', scopes: ['read', 'execute', 'migrate', 'approve', 'gate'], grant: 'none' },
  'post /iam/revocations': { level: 'Admin', scopes: [], grant: 'none' },
  'get /iam/revocations': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'delete /iam/revocations/{revocation}': { level: 'Admin', scopes: [], grant: 'none' },
  'post /iam/robots': { level: 'Admin', scopes: [], grant: 'none' },
  'get /iam/robots': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'get /iam/robots/{robot}': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'post /iam/robots/{robot}/rotate-key': { level: 'Admin', scopes: [], grant: 'none' },
  'delete /iam/robots/{robot}': { level: 'Admin', scopes: [], grant: 'none' },
  ...rowsOfGrants('endpoints', 'endpoint'),
  ...rowsOfGrants('templates', 'template'),
  ...rowsOfGrants('apis', 'api'),
  ...rowsOfGrants('migrations', 'migration'),

  'post /endpoints': { level: 'Admin', scopes: ['migrate'], grant: 'none' },
  'get /endpoints': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /endpoints/{endpoint}': { level: 'Read', scopes: ['read'], grant: 'endpoint' },
  'patch /endpoints/{endpoint}': { level: 'Admin', scopes: ['migrate'], grant: 'endpoint' },
  'delete /endpoints/{endpoint}': { level: 'Admin', scopes: ['migrate'], grant: 'endpoint' },
  'post /endpoints/{endpoint}/test': { level: 'Admin', scopes: ['migrate'], grant: 'endpoint' },

  'post /templates': { level: 'Admin', scopes: ['migrate'], grant: 'none' },
  'get /templates': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /templates/{template}': { level: 'Read', scopes: ['read'], grant: 'template' },
  'patch /templates/{template}': { level: 'Admin', scopes: ['migrate'], grant: 'template' },
  'delete /templates/{template}': { level: 'Admin', scopes: ['migrate'], grant: 'template' },
  'post /templates/{template}': { level: 'Read', scopes: ['execute'], grant: 'template', byDefinition: true },
  'post /templates/{template}/render': { level: 'Read', scopes: ['read', 'execute'], grant: 'template' },

  'post /tools/render': { level: 'Read', scopes: ['read'], grant: 'none' },
  'post /tools/lint': { level: 'Read', scopes: ['read'], grant: 'none' },

  'post /apis': { level: 'Admin', scopes: ['migrate'], grant: 'none' },
  'get /apis': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /apis/{api}': { level: 'Read', scopes: ['read'], grant: 'api' },
  'patch /apis/{api}': { level: 'Admin', scopes: ['migrate'], grant: 'api' },
  'delete /apis/{api}': { level: 'Admin', scopes: ['migrate'], grant: 'api' },
  'post /apis/{api}': { level: 'Read', scopes: ['execute'], grant: 'api', byDefinition: true },

  'post /migrations': { level: 'Admin', scopes: ['migrate'], grant: 'none' },
  'get /migrations': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /migrations/{migration}': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'patch /migrations/{migration}': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'delete /migrations/{migration}': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/add_api': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'delete /migrations/{migration}/apis/{api}': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'put /migrations/{migration}/sources/{source}': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'get /migrations/{migration}/sources': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'get /migrations/{migration}/sources/{source}': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'get /migrations/{migration}/sources/{source}/files/{path}': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'delete /migrations/{migration}/sources/{source}': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /plans': { level: 'Write', scopes: ['read', 'migrate'], grant: 'none' },
  'post /migrations/{migration}/sync': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/migrate': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/rollback': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/approve': { level: 'Admin', scopes: ['approve'], grant: 'migration' },
  'post /migrations/{migration}/cancel': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/pause': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/resume': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'post /migrations/{migration}/resolve': { level: 'Admin', scopes: ['migrate'], grant: 'migration' },
  'get /migrations/{migration}/plan': { level: 'Read', scopes: ['read', 'approve'], grant: 'migration' },
  'get /migrations/{migration}/drift': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'get /migrations/{migration}/lock': { level: 'Read', scopes: ['read'], grant: 'migration' },
  'get /migrations/{migration}/runs': { level: 'Read', scopes: ['read'], grant: 'migration' },
  /** Who has no ticket needs what `GATE_VISITORS` says. */
  'get /migrations/{migration}/gate': { credentials: 'ticket' },
  'get /runs/{run}': { level: 'Read', scopes: ['read'], grant: 'run' },
  'patch /runs/{run}': { level: 'Admin', scopes: ['migrate'], grant: 'run' },
  'get /runs': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /locks': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /events': { level: 'Read', scopes: ['read'], grant: 'listed' },
  'get /runs/{run}/events': { level: 'Read', scopes: ['read'], grant: 'run' },

  'get /audit': { level: 'Admin', scopes: ['read'], grant: 'everything' },
  'get /audit/verify': { level: 'Admin', scopes: ['read'], grant: 'everything' },
  'post /iam/hooks': { level: 'Admin', scopes: [], grant: 'none' },
  'get /iam/hooks': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'get /iam/hooks/{hook}': { level: 'Admin', scopes: ['read'], grant: 'none' },
  'post /iam/hooks/{hook}/rotate': { level: 'Admin', scopes: [], grant: 'none' },
  'delete /iam/hooks/{hook}': { level: 'Admin', scopes: [], grant: 'none' },
  'post /hooks/{hook}': { credentials: 'signature' },
  'post /iam/webhooks': { level: 'Admin', scopes: [], grant: 'everything' },
  'get /iam/webhooks': { level: 'Admin', scopes: ['read'], grant: 'everything' },
  'get /iam/webhooks/{webhook}': { level: 'Admin', scopes: ['read'], grant: 'everything' },
  'delete /iam/webhooks/{webhook}': { level: 'Admin', scopes: [], grant: 'everything' },
  'post /iam/webhooks/{webhook}/test': { level: 'Admin', scopes: [], grant: 'everything' },
  'get /iam/webhooks/{webhook}/deliveries': { level: 'Admin', scopes: ['read'], grant: 'everything' },
  'post /iam/webhooks/{webhook}/deliveries/{delivery}/redeliver': { level: 'Admin', scopes: [], grant: 'everything' },
};

/** Of the migration, once it is there: a gate may be asked before. */
export const GATE_VISITORS = { level: 'Read', scopes: ['read', 'gate'] } as const satisfies Partial<SubjectPermission>;

/** Of those who give and take grants on one kind of resource. */
function rowsOfGrants(collection: string, grant: ResourceKind): Readonly<Record<string, Permission>> {
  const subjects = `/iam/rbac/${collection}/{${grant}}/subjects`;
  return {
    [`post ${subjects}`]: { level: 'Admin', scopes: [], grant, keepsSuperAdmins: true },
    [`get ${subjects}`]: { level: 'Admin', scopes: ['read'], grant, keepsSuperAdmins: true },
    [`get ${subjects}/{subject}`]: { level: 'Admin', scopes: ['read'], grant, keepsSuperAdmins: true },
    [`delete ${subjects}/{subject}`]: { level: 'Admin', scopes: [], grant, keepsSuperAdmins: true },
  };
}

/** Who may call the operation. @throws TypeError for one without a row, which is a mistake in the code */
export function permissionOf({ method, path }: { readonly method: string; readonly path: string }): Permission {
  const row = PERMISSIONS[`${method} ${path}`];
  if (row === undefined) throw new TypeError(`${method} ${path} has no row in permissions.ts`);
  return row;
}

export function isOpen(permission: Permission): permission is OpenPermission {
  return 'credentials' in permission;
}
