import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useShortcut } from '../keyboard/keyboard.js';
import { TEXTS } from '../texts.js';

/*
 * A list of thousands: only the rows in sight are on the page, and the window scrolls. The first cell of a row holds the
 * link or button that stands for it; j and k move from one to the next.
 */

export interface Column<Item> {
  readonly id: string;
  readonly title: string;
  /** As in grid-template-columns. */
  readonly width: string;
  readonly cell: (item: Item) => ReactNode;
  /** Figures stand at the right. */
  readonly isNumber?: boolean;
}

interface ListTableProps<Item> {
  /** For those who hear the page. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** Called when the reader comes near the end. */
  readonly onEnd?: () => void;
}

const ROW_HEIGHT = 38;
const OVERSCAN = 12;
/** Rows before the end at which more is asked for. */
const NEAR_END = 30;

export function ListTable<Item>({ label, items, columns, keyOf, onEnd }: ListTableProps<Item>) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => setTop(body.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const isNearEnd = items.length > 0 && last >= items.length - NEAR_END;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, items.length, onEnd]);
  useRowKeys(items.length, body, (index) => rows.scrollToIndex(index));
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  return (
    <div className="list" role="table" aria-label={label} aria-rowcount={items.length + 1}>
      <div className="list-head" role="row" aria-rowindex={1} style={grid}>
        {columns.map(({ id, title, isNumber }) => (
          <span key={id} role="columnheader" className={isNumber === true ? 'number' : undefined}>
            {title}
          </span>
        ))}
      </div>
      <div ref={body} className="list-body" role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {visible.map(({ index, start }) => (
          <Row
            key={keyOf(items[index] as Item)}
            {...{ index, columns, grid, item: items[index] as Item }}
            offset={start - top}
            measure={rows.measureElement}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps<Item> {
  readonly index: number;
  readonly item: Item;
  readonly columns: readonly Column<Item>[];
  readonly grid: { readonly gridTemplateColumns: string };
  readonly offset: number;
  readonly measure: (element: Element | null) => void;
}

function Row<Item>({ index, item, columns, grid, offset, measure }: RowProps<Item>) {
  return (
    <div
      ref={measure}
      data-index={index}
      className="list-row"
      role="row"
      aria-rowindex={index + 2}
      style={{ ...grid, transform: `translateY(${offset}px)` }}
    >
      {columns.map(({ id, title, isNumber, cell }) => (
        <span key={id} role="cell" data-title={title} className={isNumber === true ? 'number' : undefined}>
          {cell(item)}
        </span>
      ))}
    </div>
  );
}

/** j and k: to the next row and back. The row may have to come into sight first. */
function useRowKeys(
  count: number,
  body: React.RefObject<HTMLDivElement | null>,
  scrollTo: (index: number) => void,
): void {
  const focus = (index: number): void => {
    const row = body.current?.querySelector(`[data-index="${index}"]`);
    row?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  };
  const move = (by: number): void => {
    const current = document.activeElement?.closest('[data-index]');
    const isHere = current !== null && current !== undefined && body.current?.contains(current) === true;
    const from = isHere ? Number(current.getAttribute('data-index')) : by > 0 ? -1 : count;
    const next = Math.min(count - 1, Math.max(0, from + by));
    if (count === 0) return;
    scrollTo(next);
    requestAnimationFrame(() => focus(next));
  };
  useShortcut('j', TEXTS.keys.next, () => move(1));
  useShortcut('k', TEXTS.keys.previous, () => move(-1));
}
