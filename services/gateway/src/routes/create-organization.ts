import { createOrganization as create } from '@eden/coordinator';
import { EdenError } from '@eden/domain';
import { publicOperation } from '../http/operation.js';
import { originOf } from '../identity/audit-request.js';
import { bearerOf, equalSecrets } from '../identity/credentials.js';
import { dataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';
import { newOrganizationSchema } from '../schemas/identity.js';

export const createOrganization = publicOperation({
  method: 'post',
  path: '/new',
  tag: 'Identity',
  summary: 'Create an organization and its first SuperAdmins',
  body: newOrganizationSchema,
  status: 201,
  result: dataSchema(identitySchema),
  errors: ['AUTHENTICATION_REQUIRED', 'ORGANIZATION_EXISTS'],
  authorize: ({ newOrganizationToken }, http) => {
    if (!equalSecrets(bearerOf(http), newOrganizationToken)) throw new EdenError('AUTHENTICATION_REQUIRED');
  },
  handler: async ({ body, deps, http }) => {
    const { id, description = null, super_admins: superAdmins } = body;
    const organization = await create(deps, { id, description, superAdmins, origin: originOf(http) });
    return { status: 201, body: { status: 'success' as const, data: { id, uuid: organization.uuid } } };
  },
});
