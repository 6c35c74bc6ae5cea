import { TEXTS } from '../texts.js';
import { ToneShape, type Tone } from './state-mark.js';

const T = TEXTS.findings;

interface Finding {
  readonly rule: string;
  readonly severity: 'warning' | 'danger';
  readonly message: string;
  readonly line?: number;
  /** Of one that a comment has taken out of force. */
  readonly reason?: string;
}

const TONES: Readonly<Record<Finding['severity'], Tone>> = { warning: 'waiting', danger: 'failed' };

interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly silenced?: readonly Finding[];
  /** What the service would refuse. */
  readonly refusals?: readonly string[];
}

/** What is dangerous about a statement, each with its rule and its line. */
export function Findings({ findings, silenced = [], refusals = [] }: FindingsProps) {
  if (findings.length + silenced.length + refusals.length === 0) return null;
  return (
    <ul className="findings">
      {refusals.map((reason) => (
        <li key={reason}>
          <ToneShape tone="failed" />
          <span>{reason}</span>
        </li>
      ))}
      {findings.map((finding, index) => (
        <li key={index}>
          <ToneShape tone={TONES[finding.severity]} />
          <span>
            <strong>{T.severities[finding.severity]}</strong>
            {placeOf(finding)}: {finding.message} <code className="dim">{finding.rule}</code>
          </span>
        </li>
      ))}
      {silenced.map((finding, index) => (
        <li key={`silenced ${index}`}>
          <ToneShape tone="idle" />
          <span className="dim">
            {T.silenced}
            {placeOf(finding)}: {finding.message} <code>{finding.rule}</code>: {finding.reason}
          </span>
        </li>
      ))}
    </ul>
  );
}

function placeOf({ line }: Finding): string {
  return line === undefined ? '' : `, ${TEXTS.failure.line(line)}`;
}
