import { useState, type FormEvent, type ReactNode } from 'react';
import { useIsHere } from '../navigation/use-is-here.js';
import { TEXTS } from '../texts.js';
import { Dialog } from './dialog.js';
import { ErrorNote } from './error-note.js';

export interface ConfirmProps {
  readonly title: string;
  /** What it will do, one sentence each, before it is done. */
  readonly consequences: readonly ReactNode[];
  /** On the button: the verb, never "OK". */
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** Fields that it needs. */
  readonly children?: ReactNode;
  readonly onConfirm: (form: FormData) => Promise<void>;
  readonly onClose: () => void;
}

/** Says what an action does, does it once (Enter is no for what is dangerous, yes for the rest), and stays open with the reason where it was refused. */
export function Confirm(props: ConfirmProps) {
  const { title, consequences, verb, isDangerous = false, children, onClose } = props;
  const { isBusy, error, submit } = useSubmit(props);
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <ul className="consequences">
          {consequences.map((consequence, index) => (
            <li key={index}>{consequence}</li>
          ))}
        </ul>
        {children}
        {error !== null && <ErrorNote error={error} />}
        <footer className="dialog-foot">
          <button type="button" className="button" data-first={isDangerous || undefined} onClick={onClose}>
            {TEXTS.back}
          </button>
          <button
            type="submit"
            className={isDangerous ? 'button danger' : 'button primary'}
            data-first={!isDangerous || undefined}
            aria-disabled={isBusy}
          >
            {isBusy ? TEXTS.working : verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Once at a time, and closed when it is done: whoever has left it meanwhile may have another one open. */
function useSubmit({ onConfirm, onClose }: Pick<ConfirmProps, 'onConfirm' | 'onClose'>) {
  const isHere = useIsHere();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm(new FormData(event.currentTarget));
      if (isHere()) onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return { isBusy, error, submit };
}
