import { useRef } from 'react';
import { TEXTS } from '../texts.js';
import { useToast } from './toast.js';

/** A text to take elsewhere. Without TLS a browser gives no clipboard: it is then selected, to be copied by hand. */
export function Copied({ label, text }: { readonly label: string; readonly text: string }) {
  const field = useRef<HTMLInputElement>(null);
  const say = useToast();
  const copy = (): void => {
    field.current?.select();
    navigator.clipboard?.writeText(text).then(
      () => say(TEXTS.copied.done),
      // It stays selected.
      () => undefined,
    );
  };
  return (
    <span className="copied">
      <input ref={field} aria-label={label} value={text} readOnly onFocus={({ target }) => target.select()} />
      <button type="button" className="button" onClick={copy}>
        {TEXTS.copied.verb}
      </button>
    </span>
  );
}
