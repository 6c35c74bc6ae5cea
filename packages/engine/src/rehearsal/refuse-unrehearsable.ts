import { EdenError, type Plan, type PlannedBinding } from '@eden/domain';

/**
 * What would stay although all is rolled back: what runs outside the transaction (statements that cannot be in one, what commits by
 * itself, requests), and what takes effect outside of the transaction that does it (another session's work, a program). A
 * sequence that advances is no reason: its finding says so. @throws EdenError REHEARSAL_REFUSED (context: reasons)
 */
export function refuseUnrehearsable({ apis }: Plan): void {
  const reasons = apis.flatMap(({ apiId, bindings }) =>
    bindings.flatMap((binding) => whatStays(binding).map((what) => `${apiId}, ${binding.templateId}: ${what}`)),
  );
  if (reasons.length === 0) return;
  throw new EdenError('REHEARSAL_REFUSED', {
    reasons,
    suggestion: 'Sync without a rehearsal, or put these into a migration of their own',
  });
}

function whatStays({ outside, endpointId, findings }: PlannedBinding): readonly string[] {
  return [
    ...(outside === undefined ? [] : [`runs outside the transaction on ${endpointId}`]),
    ...findings.filter(({ rule }) => rule === 'not-undone').map(({ message }) => message),
  ];
}
