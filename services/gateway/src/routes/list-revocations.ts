import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { revocationSchema } from '../schemas/revocation.js';
import { viewRevocation } from '../views/revocation.js';

export const listRevocations = operation({
  method: 'get',
  path: '/iam/revocations',
  tag: 'Identity',
  summary: 'List the subjects of the identity provider that are not let in',
  query: pageQuerySchema,
  result: pageSchema(revocationSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).revocations(pageRequest(query)), viewRevocation),
});
