import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** @throws EdenError TEMPLATE_NOT_FOUND, TEMPLATE_IN_USE (context: apis, migrations) */
export async function deleteTemplate(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'template.delete',
    work: async (tx) => {
      const template = await tx.template(ref);
      await tx.deleteTemplate(template.uuid);
      return template;
    },
  });
}
