import type { Migration } from '@eden/client';
import { useState, type ReactNode } from 'react';
import { useAction } from '../../data/use-action.js';
import { useGoOn } from '../../navigation/use-is-here.js';
import { Confirm } from '../../parts/confirm.js';
import { AreaField } from '../../parts/fields.js';
import { GrantsLink } from '../../parts/grants-link.js';
import { useToast } from '../../parts/toast.js';
import { TEXTS } from '../../texts.js';
import { SHOWN_OF_HASH, usePlan } from './plan-part.js';
import { VERBS, WORK, type Verb } from './work.js';

/*
 * What can be done with a migration, each behind a dialog that says what it will do. `actions` of the migration says which of
 * them the caller may do now; what a gateway does not know is not among them.
 */

const DANGEROUS: readonly Verb[] = ['cancel', 'rollback', 'delete', 'resolve'];
/** In the order in which one is what somebody wants most. */
const FIRST: readonly Verb[] = ['resolve', 'approve', 'resume', 'migrate', 'sync'];

export function MigrationActions({ migration }: { readonly migration: Migration }) {
  const [open, setOpen] = useState<Verb | null>(null);
  const allowed: readonly string[] = migration.actions;
  const verbs = VERBS.filter((verb) => allowed.includes(verb));
  const first = FIRST.find((verb) => verbs.includes(verb));
  return (
    <>
      {verbs.map((verb) => (
        <button
          key={verb}
          type="button"
          className={verb === first ? 'button primary' : 'button'}
          onClick={() => setOpen(verb)}
        >
          {TEXTS.actions[verb].verb}
        </button>
      ))}
      <GrantsLink collection="migrations" on={migration} />
      {open !== null && <Ask verb={open} migration={migration} onClose={() => setOpen(null)} />}
    </>
  );
}

interface AskProps {
  readonly verb: Verb;
  readonly migration: Migration;
  readonly onClose: () => void;
}

function Ask({ verb, migration, onClose }: AskProps) {
  const act = useAction();
  const say = useToast();
  const goOn = useGoOn();
  const { id } = migration;
  const planHash = usePlanToApprove(migration);
  const texts = TEXTS.actions[verb];
  const confirm = async (form: FormData): Promise<void> => {
    await act(
      (http) => WORK[verb](http, { migration: id }, { form, planHash }),
      ['migration', 'migrations', 'runs', 'plan', 'lock', 'sources'],
    );
    say(`${id}: ${texts.done}`);
    if (verb === 'delete') goOn('/');
  };
  return (
    <Confirm
      title={texts.title(id)}
      verb={texts.verb}
      consequences={consequencesOf(verb, { migration, planHash })}
      isDangerous={DANGEROUS.includes(verb)}
      onConfirm={confirm}
      onClose={onClose}
    >
      {verb === 'resolve' && <Resolution code={migration.run?.error?.code} />}
    </Confirm>
  );
}

/** The plan as it was when it was asked about: another one, which comes meanwhile, nobody has seen. */
function usePlanToApprove(migration: Migration): string | undefined {
  const hash = usePlan(migration).data?.hash;
  const [seen, setSeen] = useState(hash);
  if (seen === undefined && hash !== undefined) setSeen(hash);
  return seen;
}

interface Subject {
  readonly migration: Migration;
  readonly planHash: string | undefined;
}

function consequencesOf(verb: Verb, { migration: { atomicity }, planHash }: Subject): readonly ReactNode[] {
  const { migrate, approve } = TEXTS.actions;
  const { what } = TEXTS.actions[verb];
  if (verb === 'migrate' && atomicity !== null) return [migrate.promise[atomicity], ...what];
  if (verb === 'approve' && planHash !== undefined)
    return [
      <>
        {approve.plan} <code>{planHash.slice(0, SHOWN_OF_HASH)}</code>
      </>,
      ...what,
    ];
  return what;
}

/** What can be decided depends on what the run is in doubt about. */
const DECISIONS: Readonly<Record<string, readonly (keyof typeof TEXTS.actions.resolve.decisions)[]>> = {
  STEP_AFTER_COMMIT_FAILED: ['retry', 'commit'],
  STEP_COMPENSATION_FAILED: ['retry', 'abort'],
};

function Resolution({ code = '' }: { readonly code: string | undefined }) {
  const { decision, decisions, reason } = TEXTS.actions.resolve;
  const choices = DECISIONS[code] ?? ['commit', 'abort'];
  return (
    <>
      <fieldset className="field choices">
        <legend>{decision}</legend>
        {choices.map((value) => (
          <label key={value}>
            <input type="radio" name="decision" value={value} required /> {decisions[value]}
          </label>
        ))}
      </fieldset>
      <AreaField label={reason} name="reason" rows={4} required maxLength={2000} />
    </>
  );
}
