import { TEXTS } from '../texts.js';

interface ProgressProps {
  readonly done: number;
  readonly of: number | null;
  readonly label: string;
}

/** How far something has got; where nobody knows how much there is, how much is done. */
export function Progress({ done, of, label }: ProgressProps) {
  if (of === null || of === 0) return <span className="progress-text">{done === 0 ? TEXTS.none : done}</span>;
  const share = Math.min(1, done / of);
  return (
    <span className="progress">
      <span
        className="progress-bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={Math.min(done, of)}
      >
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span className="progress-text">
        {done}/{of}
      </span>
    </span>
  );
}
