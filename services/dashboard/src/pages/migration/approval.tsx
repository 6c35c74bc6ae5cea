import type { Migration } from '@eden/client';
import { Fact } from '../../parts/facts.js';
import { StateMark } from '../../parts/state-mark.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.migration.approval;

/** Who has approved the last plan, where one needs that. */
export function ApprovalFact({ migration: { options, approval } }: { readonly migration: Migration }) {
  if (options.approval !== true) return null;
  return (
    <Fact name={T.title}>
      {approval === null ? (
        <StateMark state={T.awaited} tone="waiting" />
      ) : (
        <>
          <StateMark state={T.by(approval.approved_by)} tone="ok" /> <Age at={approval.approved_at} />
        </>
      )}
    </Fact>
  );
}

type Awaiting = Pick<Migration, 'options' | 'approval' | 'atomicity' | 'state'>;

/** It has a plan that waits for somebody. */
export function isAwaiting({ options, approval, atomicity, state }: Awaiting): boolean {
  return options.approval === true && approval === null && atomicity !== null && state !== 'Completed';
}
