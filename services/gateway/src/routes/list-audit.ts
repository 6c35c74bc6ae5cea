import { page } from '../http/answer.js';
import { lines } from '../http/lines.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { auditEntrySchema, auditQuerySchema } from '../schemas/audit.js';
import { pageSchema } from '../schemas/envelope.js';
import { viewAuditEntry } from '../views/audit.js';

export const listAudit = operation({
  method: 'get',
  path: '/audit',
  tag: 'Audit',
  summary: 'List who did what to what, from where, and what came of it',
  query: auditQuerySchema,
  result: pageSchema(auditEntrySchema),
  lines: auditEntrySchema,
  errors: ['RATE_LIMITED'],
  handler: async ({ subject, query, deps }) => {
    const { format, limit, cursor, ...filter } = query;
    const audit = deps.store.audit(subject.organizationUuid);
    if (format === 'jsonl') {
      const leave = await deps.exports.enter(subject.organizationUuid);
      return lines(viewed(audit.export(filter), leave));
    }
    return page(
      await audit.entries(filter, pageRequest({ limit, ...(cursor === undefined ? {} : { cursor }) })),
      viewAuditEntry,
    );
  },
});

type Batches = AsyncIterable<readonly Parameters<typeof viewAuditEntry>[0][]>;

async function* viewed(batches: Batches, leave: () => void): AsyncIterable<readonly object[]> {
  try {
    for await (const batch of batches) yield batch.map(viewAuditEntry);
  } finally {
    leave();
  }
}
