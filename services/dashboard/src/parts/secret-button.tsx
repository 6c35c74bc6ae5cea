import type { Connection } from '@eden/client';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useAction } from '../data/use-action.js';
import type { Key } from '../data/use-resource.js';
import { Confirm } from './confirm.js';
import { SecretOnce } from './secret-once.js';

/** A secret that the service has just made, and tells this once. */
export interface IssuedSecret {
  readonly title: string;
  readonly secret: string;
  /** Where whoever has taken it goes on; here, where it is absent. */
  readonly to?: string;
}

interface SecretButtonProps {
  readonly button: string;
  readonly isPrimary?: boolean;
  readonly title: string;
  readonly consequences: readonly ReactNode[];
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** What the secret is. */
  readonly label: string;
  readonly issue: (http: Connection, form: FormData) => Promise<IssuedSecret>;
  /** What is read anew then, by the first words of its keys. */
  readonly changes: readonly Key[0][];
  /** The fields of the form. */
  readonly children: ReactNode;
}

/** Asks for what is made, makes it, and shows its secret this once. */
export function SecretButton({
  button,
  isPrimary = false,
  label,
  issue,
  changes,
  children,
  ...dialog
}: SecretButtonProps) {
  const act = useAction();
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const [issued, setIssued] = useState<IssuedSecret | null>(null);
  const taken = (): void => {
    setIssued(null);
    if (issued?.to !== undefined) navigate(issued.to);
  };
  return (
    <>
      <button type="button" className={isPrimary ? 'button primary' : 'button'} onClick={() => setOpen(true)}>
        {button}
      </button>
      {isOpen && (
        <Confirm
          {...dialog}
          onConfirm={async (form) => setIssued(await act((http) => issue(http, form), changes))}
          onClose={() => setOpen(false)}
        >
          {children}
        </Confirm>
      )}
      {issued !== null && <SecretOnce title={issued.title} label={label} secret={issued.secret} onClose={taken} />}
    </>
  );
}
