import type { Revocation } from '@eden/client';
import { useMemo, useState } from 'react';
import { useAction } from '../../data/use-action.js';
import { useAll } from '../../data/use-all.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { Confirm } from '../../parts/confirm.js';
import { Doing } from '../../parts/doing.js';
import { TextField, textOf } from '../../parts/fields.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { useToast } from '../../parts/toast.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.revocations;
const CHANGED = ['revocations'] as const;

const ACTS = [
  { id: 'new', verb: T.revoke.verb, isPrimary: true, dialog: (onClose: () => void) => <Revoke onClose={onClose} /> },
];

/** Whom the identity provider knows and the service does not let in. */
export default function RevocationsPage() {
  const [ended, setEnded] = useState<Revocation | null>(null);
  const columns = useMemo(() => columnsWith(setEnded), []);
  const list = useAll({
    key: ['revocations'],
    page: (http, query, signal) => http.GET('/api/v1/iam/revocations', { params: { query }, signal }),
  });
  return (
    <>
      <SearchedPage
        texts={T}
        actions={<ActButtons acts={ACTS} />}
        list={list}
        wordsOf={({ subject, reason }) => [subject, reason]}
        columns={columns}
      />
      {ended !== null && <End revocation={ended} onClose={() => setEnded(null)} />}
    </>
  );
}

function columnsWith(end: (revocation: Revocation) => void): readonly Column<Revocation>[] {
  return [
    { id: 'subject', title: T.columns.subject, width: 'minmax(180px, 2fr)', cell: ({ subject }) => subject },
    { id: 'reason', title: T.columns.reason, width: 'minmax(140px, 3fr)', cell: ({ reason }) => reason },
    { id: 'who', title: T.columns.who, width: '120px', cell: ({ revoked_by: actor }) => actor },
    { id: 'age', title: T.columns.age, width: '110px', cell: ({ created_at: at }) => <Age at={at} /> },
    {
      id: 'end',
      title: T.end.verb,
      width: '100px',
      cell: (revocation) => (
        <button type="button" className="link link-act" onClick={() => end(revocation)}>
          {T.end.verb}
        </button>
      ),
    },
  ];
}

function Revoke({ onClose }: { readonly onClose: () => void }) {
  const act = useAction();
  const say = useToast();
  const revoke = async (form: FormData): Promise<void> => {
    const [subject, reason] = [textOf(form, 'subject'), textOf(form, 'reason')];
    const body = { subject, ...(reason === '' ? {} : { reason }) };
    await act((http) => http.POST('/api/v1/iam/revocations', { body }), CHANGED);
    say(T.revoke.done(subject));
  };
  return (
    <Confirm
      title={T.revoke.title}
      consequences={T.revoke.what}
      verb={T.revoke.verb}
      isDangerous
      onConfirm={revoke}
      onClose={onClose}
    >
      <TextField label={T.columns.subject} hint={T.subjectHint} name="subject" required data-first maxLength={255} />
      <TextField label={T.columns.reason} name="reason" maxLength={4000} />
    </Confirm>
  );
}

interface EndProps {
  readonly revocation: Revocation;
  readonly onClose: () => void;
}

function End({ revocation: { uuid, subject }, onClose }: EndProps) {
  const params = { path: { revocation: uuid } };
  return (
    <Doing
      title={T.end.title(subject)}
      consequences={T.end.what}
      verb={T.end.verb}
      work={(http) => http.DELETE('/api/v1/iam/revocations/{revocation}', { params })}
      changes={CHANGED}
      done={T.end.done(subject)}
      onClose={onClose}
    />
  );
}
