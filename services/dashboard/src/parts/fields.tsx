import { useId, type ComponentProps, type ReactNode } from 'react';
import type { Option } from './filters.js';

/* Fields of forms, each with its label. What is in them is read from the form when it is sent. */

interface LabelProps {
  readonly label: string;
  /** What else there is to know, read out with the field. */
  readonly hint?: string | undefined;
  /** What the service has against what is in it. */
  readonly mistake?: string | undefined;
}

export function TextField({ label, hint, mistake, ...input }: LabelProps & ComponentProps<'input'>) {
  return (
    <Labelled {...{ label, hint, mistake }}>
      {(ids) => <input {...ids} spellCheck={false} autoComplete="off" autoCapitalize="off" {...input} />}
    </Labelled>
  );
}

export function AreaField({ label, hint, mistake, ...area }: LabelProps & ComponentProps<'textarea'>) {
  return (
    <Labelled {...{ label, hint, mistake }}>
      {(ids) => <textarea {...ids} spellCheck={false} autoComplete="off" autoCapitalize="off" {...area} />}
    </Labelled>
  );
}

interface SelectProps extends LabelProps, Omit<ComponentProps<'select'>, 'children'> {
  readonly options: readonly Option[];
}

export function SelectField({ label, hint, mistake, options, ...select }: SelectProps) {
  return (
    <Labelled {...{ label, hint, mistake }}>
      {(ids) => (
        <select {...ids} {...select}>
          {options.map(({ value, says }) => (
            <option key={value} value={value}>
              {says}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface ChecksProps {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly Option[];
  readonly checked?: readonly string[];
}

export function Checks({ legend, name, options, checked = [] }: ChecksProps) {
  return (
    <fieldset className="field choices">
      <legend>{legend}</legend>
      {options.map(({ value, says }) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} defaultChecked={checked.includes(value)} /> {says}
        </label>
      ))}
    </fieldset>
  );
}

interface Described {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

interface LabelledProps extends LabelProps {
  readonly children: (described: Described) => ReactNode;
}

function Labelled({ label, hint, mistake, children }: LabelledProps) {
  const id = useId();
  const notes = [
    { id: `${id}-mistake`, className: 'mistake', text: mistake },
    { id: `${id}-hint`, className: 'hint', text: hint },
  ].filter(({ text }) => text !== undefined);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(notes.length === 0 ? {} : { 'aria-describedby': notes.map((note) => note.id).join(' ') }),
        ...(mistake === undefined ? {} : { 'aria-invalid': true }),
      })}
      {notes.map(({ text, ...note }) => (
        <span key={note.id} {...note}>
          {text}
        </span>
      ))}
    </div>
  );
}

export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).map(String);
}

/** Each once, however they are separated. */
export function wordsOf(form: FormData, name: string): string[] {
  return [...new Set(textOf(form, name).split(/[\s,]+/))].filter((word) => word !== '');
}
