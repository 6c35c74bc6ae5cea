import type { NewWebhook, Subject, Webhook } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** Its URL has been checked; the secret is made by whoever shows it, once. */
export type CreateWebhook = Omit<NewWebhook, 'createdBy'>;

export function createWebhook(
  deps: Pick<CoordinatorDeps, 'store'>,
  subject: Subject,
  { target, format, events }: CreateWebhook,
): Promise<Webhook> {
  return transactAudited<Webhook & { readonly id: string }>(deps, subject, {
    action: 'webhook.create',
    data: ({ place }) => ({ place, format, events: [...events] }),
    work: async (tx) => {
      const webhook = await tx.insertWebhook({ target, format, events, createdBy: subject.username });
      return { ...webhook, id: webhook.uuid };
    },
  });
}
