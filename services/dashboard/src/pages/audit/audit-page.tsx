import type { AuditEntry } from '@eden/client';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useList } from '../../data/use-resource.js';
import { useShortcut } from '../../keyboard/keyboard.js';
import { useFilters } from '../../navigation/use-filters.js';
import { Code } from '../../parts/code.js';
import { Dialog } from '../../parts/dialog.js';
import { Fact, Facts } from '../../parts/facts.js';
import { textOf, TextField } from '../../parts/fields.js';
import { Listed } from '../../parts/listed.js';
import type { Column } from '../../parts/list-table.js';
import { NothingListed } from '../../parts/nothing-listed.js';
import { PageHead } from '../../parts/page-head.js';
import { StateMark } from '../../parts/state-mark.js';
import { Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { FILTERS, type AuditFilters } from './audit-filters.js';
import { ExportButton } from './export-button.js';
import { localOf, utcOf } from './local-time.js';
import { VerifyButton } from './verify-button.js';
import './audit.css';

const T = TEXTS.audit;

/** Who did what to what, from where, and what came of it. */
export default function AuditPage() {
  const [filters, change] = useFilters(FILTERS);
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const list = useList({
    key: ['audit', filters],
    page: async (http, query, signal) => {
      const answer = await http.GET('/api/v1/audit', { params: { query: { ...query, ...filters } }, signal });
      // Without format=jsonl it is a page.
      return answer as { data?: AuditPageAnswer; response: Response };
    },
  });
  return (
    <>
      <PageHead
        title={T.title}
        actions={
          <>
            <ExportButton filters={filters} />
            <VerifyButton />
          </>
        }
      />
      <Filters {...{ filters, change }} />
      <Listed
        {...{ list }}
        label={T.list}
        columns={columnsWith(setShown)}
        keyOf={({ uuid }) => uuid}
        empty={<NothingListed isFiltered={Object.keys(filters).length > 0} title={T.empty} />}
      />
      {shown !== null && <Entry entry={shown} onClose={() => setShown(null)} />}
    </>
  );
}

interface AuditPageAnswer {
  readonly data: readonly AuditEntry[];
  readonly next_cursor: string | null;
}

function columnsWith(show: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] {
  return [
    {
      id: 'action',
      title: T.columns.action,
      width: 'minmax(180px, 2fr)',
      cell: (entry) => (
        <button type="button" className="link" onClick={() => show(entry)}>
          {entry.action}
        </button>
      ),
    },
    { id: 'subject', title: T.columns.subject, width: 'minmax(140px, 2fr)', cell: ({ subject }) => subject },
    { id: 'actor', title: T.columns.actor, width: 'minmax(100px, 1fr)', cell: ({ actor }) => actor },
    {
      id: 'result',
      title: T.columns.result,
      width: 'minmax(215px, 1fr)',
      cell: ({ result }) => <Result result={result} />,
    },
    { id: 'at', title: T.columns.at, width: '170px', cell: ({ at }) => <Moment at={at} /> },
  ];
}

const GOOD: readonly string[] = ['success', 'succeeded'];
const NEUTRAL: readonly string[] = ['cancelled', 'accepted', 'queued'];

function Result({ result }: { readonly result: string }) {
  const tone = GOOD.includes(result) ? 'ok' : NEUTRAL.includes(result) ? 'idle' : 'failed';
  return <StateMark state={T.results[result] ?? result} tone={tone} />;
}

interface FiltersProps {
  readonly filters: AuditFilters;
  readonly change: (changes: AuditFilters) => void;
}

function Filters({ filters, change }: FiltersProps) {
  const form = useRef<HTMLFormElement>(null);
  useShortcut('/', TEXTS.keys.search, () => form.current?.querySelector('input')?.focus());
  // As the address has them, also after the browser's way back.
  useEffect(() => form.current?.reset(), [filters]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    change({
      actor: textOf(given, 'actor'),
      action: textOf(given, 'action'),
      subject: textOf(given, 'subject'),
      since: utcOf(textOf(given, 'since')),
      until: utcOf(textOf(given, 'until')),
    });
  };
  const isFiltered = Object.keys(filters).length > 0;
  const none = { actor: '', action: '', subject: '', since: '', until: '' };
  return (
    <form ref={form} className="filters audit-filters" onSubmit={submit}>
      <TextField label={T.columns.actor} name="actor" defaultValue={filters.actor ?? ''} maxLength={512} />
      <TextField label={T.columns.action} name="action" defaultValue={filters.action ?? ''} maxLength={512} />
      <TextField label={T.columns.subject} name="subject" defaultValue={filters.subject ?? ''} maxLength={512} />
      <TextField label={T.since} name="since" type="datetime-local" defaultValue={localOf(filters.since)} />
      <TextField label={T.until} name="until" type="datetime-local" defaultValue={localOf(filters.until)} />
      <button type="submit" className="button">
        {T.filter}
      </button>
      {isFiltered && (
        <button type="button" className="button" onClick={() => change(none)}>
          {TEXTS.listing.showAll}
        </button>
      )}
    </form>
  );
}

function Entry({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  const { action, subject, actor, at, origin, request_id: request, result, data, link, uuid } = entry;
  return (
    <Dialog title={action} onClose={onClose} wide>
      <Facts>
        <Fact name={T.columns.subject}>{subject}</Fact>
        <Fact name={T.columns.actor}>{actor}</Fact>
        <Fact name={T.columns.result}>
          <Result result={result} />
        </Fact>
        <Fact name={T.columns.at}>
          <Moment at={at} />
        </Fact>
        <Fact name={T.origin}>{origin ?? TEXTS.none}</Fact>
        <Fact name={T.request}>
          <code>{request ?? TEXTS.none}</code>
        </Fact>
        <Fact name={TEXTS.fields.uuid}>
          <code>{uuid}</code>
        </Fact>
        <Fact name={T.link}>
          <code>{link === null ? T.noLink : `${link.position}:${link.hash}`}</code>
        </Fact>
      </Facts>
      <Code label={T.data} text={JSON.stringify(data, null, 2)} />
    </Dialog>
  );
}
