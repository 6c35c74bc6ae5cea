import type { Subject, Uuid, Webhook } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** What is on its way to it is forgotten. @throws EdenError WEBHOOK_NOT_FOUND */
export async function deleteWebhook(deps: Pick<CoordinatorDeps, 'store'>, subject: Subject, uuid: Uuid): Promise<void> {
  await transactAudited<Webhook & { readonly id: string }>(deps, subject, {
    action: 'webhook.delete',
    data: ({ place }) => ({ place }),
    work: async (tx) => {
      const webhook = await tx.webhook(uuid);
      await tx.deleteWebhook(uuid);
      return { ...webhook, id: uuid };
    },
  });
}
