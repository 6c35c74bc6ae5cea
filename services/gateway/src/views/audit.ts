import type { AuditRecord, AuditVerification } from '@eden/domain';
import type { z } from 'zod';
import type { auditEntrySchema, auditVerificationSchema } from '../schemas/audit.js';

export function viewAuditEntry({ at, requestId, ...entry }: AuditRecord): z.output<typeof auditEntrySchema> {
  const { uuid, actor, action, subject, origin, result, data, link } = entry;
  const who = { uuid, at: at.toISOString(), actor, action, subject };
  return { ...who, origin, request_id: requestId, result, data, link };
}

export function viewVerification(found: AuditVerification): z.output<typeof auditVerificationSchema> {
  const { links, waiting, head, checkpoint, findings, furtherFindings } = found;
  return {
    intact: findings.length === 0,
    links,
    waiting,
    head,
    checkpoint: checkpoint === null ? null : { ...checkpoint, at: checkpoint.at.toISOString() },
    findings: [...findings],
    further_findings: furtherFindings,
  };
}
