import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { auditVerificationQuerySchema, auditVerificationSchema } from '../schemas/audit.js';
import { dataSchema } from '../schemas/envelope.js';
import { viewVerification } from '../views/audit.js';

export const verifyAudit = operation({
  method: 'get',
  path: '/audit/verify',
  tag: 'Audit',
  summary: 'Look for entries of the audit that were changed, removed or inserted',
  query: auditVerificationQuerySchema,
  result: dataSchema(auditVerificationSchema),
  handler: async ({ subject, query, deps }) =>
    data(viewVerification(await deps.store.audit(subject.organizationUuid).verify(query.known ?? null))),
});
