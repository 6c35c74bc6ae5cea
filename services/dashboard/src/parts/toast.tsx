import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { TEXTS } from '../texts.js';

interface Toast {
  readonly number: number;
  readonly text: string;
}

type Say = (text: string) => void;

const ToastContext = createContext<Say>(() => undefined);

/** Long enough to be read twice. */
const SHOWN_MS = 7_000;

/** Tells what has been done, in a corner, and to those who hear the page. Nothing that has to be acted on is told here. */
export function useToast(): Say {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const remove = useCallback(
    (number: number) => setToasts((all) => all.filter((toast) => toast.number !== number)),
    [],
  );
  const say = useCallback(
    (text: string) => {
      count.current += 1;
      const number = count.current;
      setToasts((all) => [...all, { number, text }]);
      setTimeout(() => remove(number), SHOWN_MS);
    },
    [remove],
  );
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {useMemo(
          () =>
            toasts.map(({ number, text }) => (
              <p key={number} className="toast">
                {text}
                <button type="button" className="icon-button" aria-label={TEXTS.close} onClick={() => remove(number)}>
                  ×
                </button>
              </p>
            )),
          [toasts, remove],
        )}
      </div>
    </ToastContext>
  );
}
