import { answerOf, type AuditVerification } from '@eden/client';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useConnection } from '../../data/connection.js';
import { Copied } from '../../parts/copied.js';
import { Dialog } from '../../parts/dialog.js';
import { ErrorNote } from '../../parts/error-note.js';
import { Fact, Facts } from '../../parts/facts.js';
import { textOf, TextField } from '../../parts/fields.js';
import { StateMark } from '../../parts/state-mark.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.audit.verify;

/** Whether the chain of entries is whole, and still leads through an entry that somebody has kept elsewhere. */
export function VerifyButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {T.verb}
      </button>
      {isOpen && <Verification onClose={() => setOpen(false)} />}
    </>
  );
}

function Verification({ onClose }: { readonly onClose: () => void }) {
  const http = useConnection();
  const check = useMutation({
    mutationFn: async (known: string) => {
      const query = known === '' ? {} : { known };
      return (await answerOf(http.GET('/api/v1/audit/verify', { params: { query } }))).data;
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!check.isPending) check.mutate(textOf(new FormData(event.currentTarget), 'known'));
  };
  return (
    <Dialog title={T.title} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{T.what}</p>
        <TextField label={T.known} hint={T.knownHint} name="known" maxLength={100} />
        {check.isError && <ErrorNote error={check.error} />}
        {check.isSuccess && <Found found={check.data} />}
        <footer className="dialog-foot">
          <button type="submit" className="button primary" aria-disabled={check.isPending}>
            {check.isPending ? TEXTS.working : T.verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Found({ found }: { readonly found: AuditVerification }) {
  const { intact, links, waiting, head, checkpoint, findings, further_findings: further } = found;
  return (
    <div role="status">
      <p>
        <StateMark state={intact ? T.intact : T.notIntact} tone={intact ? 'ok' : 'failed'} />
      </p>
      <Facts>
        <Fact name={T.links}>{links}</Fact>
        <Fact name={T.waiting}>{waiting}</Fact>
        {checkpoint !== null && <Fact name={T.checkpoint}>{checkpoint.position}</Fact>}
      </Facts>
      {findings.length > 0 && (
        <ul className="note note-error">
          {findings.map(({ kind, position, details }, index) => (
            <li key={index}>
              <strong>{kind}</strong>
              {position !== null && ` ${T.at(position)}`}: {details}
            </li>
          ))}
          {further > 0 && <li>{T.further(further)}</li>}
        </ul>
      )}
      <p className="hint">{T.head}</p>
      <Copied label={T.head} text={`${head.position}:${head.hash}`} />
    </div>
  );
}
