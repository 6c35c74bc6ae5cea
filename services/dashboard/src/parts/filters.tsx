import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../keyboard/keyboard.js';
import { TEXTS } from '../texts.js';

/** After the last letter. */
const TYPED_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** `/` leads here; the list follows what is typed. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  useShortcut('/', TEXTS.keys.search, () => field.current?.focus());
  const [given, setGiven] = useState(value);
  if (given !== value) {
    // The address has changed by other means: a link, the way back.
    setGiven(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <input
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      maxLength={200}
      onChange={({ target }) => setTyped(target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

export interface Option {
  readonly value: string;
  readonly says: string;
}

interface ChoiceProps {
  readonly label: string;
  /** When nothing is chosen. */
  readonly all: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

export function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{all}</option>
      {options.map(({ value: option, says }) => (
        <option key={option} value={option}>
          {says}
        </option>
      ))}
    </select>
  );
}
