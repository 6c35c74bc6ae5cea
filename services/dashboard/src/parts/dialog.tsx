import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { TEXTS } from '../texts.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Wider, for what has code in it. */
  readonly wide?: boolean;
  /** It cannot be left without an answer. */
  readonly isForced?: boolean;
}

/** The browser's own: it keeps the focus inside, gives it back afterwards, and leaves the page behind it inert. */
export function Dialog({ title, onClose, children, wide = false, isForced = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed while it is still on the page: only then the browser knows where the focus was before.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // What is there to be done, before the way out of it.
    element?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!isForced) onClose();
      }}
      // At the second Escape a browser closes it without asking.
      onClose={() => {
        if (isForced) dialog.current?.showModal();
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        {!isForced && (
          <button type="button" className="icon-button" aria-label={TEXTS.close} onClick={onClose}>
            ×
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
