import { EdenError } from '@eden/domain';
import { publicOperation } from '../http/operation.js';
import { bearerOf, equalSecrets } from '../identity/credentials.js';
import { dataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';
import { newOrganizationSchema } from '../schemas/identity.js';

export const createOrganization = publicOperation({
  method: 'post',
  path: '/new',
  tag: 'Identity',
  summary: 'Create an organization and its first SuperAdmins',
  credentials: 'organizationToken',
  body: newOrganizationSchema,
  status: 201,
  result: dataSchema(identitySchema),
  errors: ['AUTHENTICATION_REQUIRED', 'ORGANIZATION_EXISTS'],
  authorize: ({ newOrganizationToken }, http) => {
    if (!equalSecrets(bearerOf(http), newOrganizationToken)) throw new EdenError('AUTHENTICATION_REQUIRED');
  },
  handler: async ({ body, deps }) => {
    const superAdmins = await Promise.all(
      body.super_admins.map(async ({ username, password }) => ({
        username,
        description: null,
        accessLevel: 'SuperAdmin' as const,
        passwordHash: await deps.passwords.hash(password),
      })),
    );
    const description = body.description ?? null;
    const { id, uuid } = await deps.store.identity.createOrganization({ id: body.id, description, superAdmins });
    return { status: 201, body: { status: 'success' as const, data: { id, uuid } } };
  },
});
