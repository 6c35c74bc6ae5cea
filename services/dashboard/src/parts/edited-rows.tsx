import { useEffect, useRef, useState, type ReactNode } from 'react';
import { TEXTS } from '../texts.js';

const T = TEXTS.rows;

interface EditedRowsProps<Row> {
  readonly legend: string;
  readonly rows: readonly Row[];
  /** One that is added. */
  readonly blank: Row;
  readonly addVerb: string;
  /** Their order means something. */
  readonly isOrdered?: boolean;
  readonly onChange: (rows: readonly Row[]) => void;
  /** The fields of one, each controlled. */
  readonly children: (row: Row, index: number, change: (changes: Partial<Row>) => void) => ReactNode;
}

/** As many groups of fields as somebody wants, which are added, taken away and moved. */
export function EditedRows<Row>(props: EditedRowsProps<Row>) {
  const { legend, rows, blank, addVerb, isOrdered = false, onChange, children } = props;
  const { list, focusOn } = useRowFocus();
  const change = (to: readonly Row[], focus: number | 'add'): void => {
    onChange(to);
    focusOn(focus);
  };
  return (
    <fieldset className="rows" ref={list}>
      <legend>{legend}</legend>
      {rows.map((row, index) => (
        <div key={index} className="row" role="group" aria-label={`${legend} ${index + 1}`}>
          {children(row, index, (changes) => onChange(rows.with(index, { ...row, ...changes })))}
          <div className="row-acts">
            {isOrdered && index > 0 && <RowAct verb={T.up} onClick={() => change(movedUp(rows, index), index - 1)} />}
            <RowAct verb={T.remove} onClick={() => change(rows.toSpliced(index, 1), 'add')} />
          </div>
        </div>
      ))}
      <button type="button" className="button" onClick={() => change([...rows, blank], rows.length)}>
        {addVerb}
      </button>
    </fieldset>
  );
}

function movedUp<Row>(rows: readonly Row[], index: number): readonly Row[] {
  return rows.toSpliced(index - 1, 2, ...rows.slice(index - 1, index + 1).reverse());
}

function RowAct({ verb, onClick }: { readonly verb: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="link link-act" onClick={onClick}>
      {verb}
    </button>
  );
}

/** Who has pressed a button that goes away, or brings something, goes on where that is. */
function useRowFocus() {
  const list = useRef<HTMLFieldSetElement>(null);
  const [place, setPlace] = useState<{ readonly on: number | 'add' } | null>(null);
  useEffect(() => {
    if (place === null) return;
    const groups = list.current?.querySelectorAll(':scope > .row');
    const target =
      place.on === 'add'
        ? list.current?.querySelector(':scope > .button')
        : groups?.[place.on]?.querySelector('input, select, textarea');
    if (target instanceof HTMLElement) target.focus();
  }, [place]);
  return { list, focusOn: (on: number | 'add') => setPlace({ on }) };
}
