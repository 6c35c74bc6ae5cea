import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';

interface CodeProps {
  readonly text: string;
  /** Counted from 1; marked, and brought into sight. */
  readonly line?: number | undefined;
  readonly label: string;
}

/** Of a text with more lines, those in sight alone are on the page. */
const LINES_AT_ONCE = 500;
const LINE_HEIGHT = 19.5;
const OVERSCAN = 40;

/** SQL, as it is: text, line by line, which nobody reads as anything else. */
export function Code({ text, ...rest }: CodeProps) {
  const lines = useMemo(() => text.split('\n'), [text]);
  return lines.length > LINES_AT_ONCE ? <LongCode lines={lines} {...rest} /> : <ShortCode lines={lines} {...rest} />;
}

interface LinesProps extends Omit<CodeProps, 'text'> {
  readonly lines: readonly string[];
}

/** Whoever has no mouse has to be able to scroll it. */
const REGION = { className: 'code', tabIndex: 0, role: 'region' } as const;

function ShortCode({ lines, line, label }: LinesProps) {
  const region = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const [all, marked] = [region.current, region.current?.querySelector<HTMLElement>('.code-marked')];
    if (all !== null && marked) all.scrollTop = marked.offsetTop - all.clientHeight / 2;
  }, [lines, line]);
  return (
    <pre ref={region} {...REGION} aria-label={label}>
      {lines.map((content, index) => (
        <Line key={index} {...{ content, index, line }} />
      ))}
    </pre>
  );
}

function LongCode({ lines, line, label }: LinesProps) {
  const region = useRef<HTMLPreElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => region.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (line !== undefined) rows.scrollToIndex(line - 1, { align: 'center' });
  }, [rows, line]);
  return (
    <pre ref={region} {...REGION} aria-label={label}>
      <span className="code-lines" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <span
            key={index}
            ref={rows.measureElement}
            data-index={index}
            className="code-place"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Line content={lines[index] ?? ''} {...{ index, line }} />
          </span>
        ))}
      </span>
    </pre>
  );
}

interface LineProps {
  readonly content: string;
  readonly index: number;
  readonly line: number | undefined;
}

function Line({ content, index, line }: LineProps) {
  return (
    <span className={index + 1 === line ? 'code-line code-marked' : 'code-line'}>
      <span className="code-number" aria-hidden="true">
        {index + 1}
      </span>
      {content === '' ? ' ' : content}
      {'\n'}
    </span>
  );
}
