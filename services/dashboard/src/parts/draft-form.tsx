import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useLeaving } from '../navigation/leaving.js';
import { Link } from '../navigation/link.js';
import { useGoOn } from '../navigation/use-is-here.js';
import { TEXTS } from '../texts.js';
import { Confirm } from './confirm.js';
import { ErrorNote, issuesOf } from './error-note.js';
import './draft-form.css';

/** What the service has against the field at a path, such as `fields[0].name`. */
export type MistakeAt = (path: string) => string | undefined;

export interface DraftFormProps<Draft> {
  readonly initial: Draft;
  readonly verb: string;
  /** Where to go without saving. */
  readonly to: string;
  /** Asked before it is saved. */
  readonly confirm?: { readonly title: string; readonly consequences: readonly ReactNode[] };
  /** @throws Error that says what cannot be sent; nothing is asked then */
  readonly check: (draft: Draft) => unknown;
  /** @returns where to go on */
  readonly onSave: (draft: Draft) => Promise<string>;
  /** Of these alone nothing is lost when the page is left. */
  readonly unkept?: readonly (keyof Draft)[];
  readonly fields: (draft: Draft, change: (changes: Partial<Draft>) => void, mistakeAt: MistakeAt) => ReactNode;
  readonly beside?: (draft: Draft) => ReactNode;
}

/** A page on which something is written: nothing of it is lost by mistake, and what the service has against it stands beside its field. */
export function DraftForm<Draft extends object>(props: DraftFormProps<Draft>) {
  const { verb, to, confirm, onSave, unkept = [], fields, beside } = props;
  const [initial] = useState(props.initial);
  const [draft, setDraft] = useState(initial);
  const { leave, stay, letGo } = useLeaving(isChanged(initial, draft, unkept));
  const goOn = useGoOn();
  const save = async (): Promise<void> => goOn(await onSave(draft), letGo);
  const { form, error, setError, isBusy, isAsked, setAsked, submit } = useSaving(props, draft, save);
  return (
    <div className={beside === undefined ? 'editor editor-narrow' : 'editor'}>
      <form ref={form} className="editor-form" onSubmit={submit}>
        {fields(draft, (changes) => setDraft((now) => ({ ...now, ...changes })), mistakesOf(error))}
        {error !== null && <ErrorNote error={error} />}
        <footer className="dialog-foot">
          <Link className="button" to={to}>
            {TEXTS.back}
          </Link>
          <button type="submit" className="button primary" aria-disabled={isBusy}>
            {isBusy ? TEXTS.working : verb}
          </button>
        </footer>
      </form>
      {beside?.(draft)}
      {isAsked && confirm !== undefined && (
        <Confirm {...confirm} verb={verb} onConfirm={() => savedOr(setError, save)} onClose={() => setAsked(false)} />
      )}
      {leave !== null && (
        <Confirm
          {...TEXTS.leaving}
          isDangerous
          onConfirm={async () => {
            letGo();
            leave();
          }}
          onClose={stay}
        />
      )}
    </div>
  );
}

/** Looked at here, asked about, and saved once at a time. */
function useSaving<Draft>({ confirm, check }: DraftFormProps<Draft>, draft: Draft, onSave: () => Promise<void>) {
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (error !== null && !isAsked) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [error, isAsked]);
  const save = async (): Promise<void> => {
    setError(null);
    setBusy(true);
    try {
      check(draft);
      if (confirm === undefined) await onSave();
      else setAsked(true);
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isBusy) void save();
  };
  return { form, error, setError, isBusy, isAsked, setAsked, submit };
}

/** What is wrong with a field is said there, not in front of it. */
async function savedOr(tell: (error: unknown) => void, save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (issuesOf(error).length === 0) throw error;
    tell(error);
  }
}

function mistakesOf(error: unknown): MistakeAt {
  const issues = issuesOf(error);
  return (path) => {
    const said = issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
    return said.length === 0 ? undefined : said.map(({ message }) => message).join('; ');
  };
}

function isChanged<Draft extends object>(before: Draft, now: Draft, unkept: readonly (keyof Draft)[]): boolean {
  const names = Object.keys(before) as (keyof Draft)[];
  return names.some((name) => !unkept.includes(name) && before[name] !== now[name]);
}
