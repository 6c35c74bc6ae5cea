import { connect, type components } from '@eden/client';
import { useEffect, useId, useState, type FormEvent } from 'react';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { TEXTS } from '../texts.js';
import { useSession, useSessionState } from './use-session.js';

type Provider = components['schemas']['LoginProvider'];

/** Not a secret, and typed by nobody twice. */
const ORGANIZATION_KEY = 'eden.organization';

export function LoginPage() {
  return (
    <main className="login">
      <div className="login-box">
        <p className="wordmark">{TEXTS.product}</p>
        <h1>{TEXTS.login.title}</h1>
        <LoginForm />
      </div>
    </main>
  );
}

/** Over the page, which stays as it is behind it. */
export function LoginAgain() {
  const state = useSessionState();
  if (state.name !== 'ended') return null;
  return (
    <Dialog title={TEXTS.login.again} onClose={() => undefined} isForced>
      <p>{TEXTS.login.againWhy}</p>
      <LoginForm organization={state.caller.organization} username={state.caller.name} />
    </Dialog>
  );
}

interface LoginFormProps {
  readonly organization?: string;
  readonly username?: string;
}

function LoginForm({ organization = localStorage.getItem(ORGANIZATION_KEY) ?? '', username = '' }: LoginFormProps) {
  const session = useSession();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string): string => String(form.get(name) ?? '');
    setBusy(true);
    setError(null);
    try {
      const credentials = { organization: field('organization'), username: field('username') };
      localStorage.setItem(ORGANIZATION_KEY, credentials.organization);
      await session.logIn({ ...credentials, password: field('password') });
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <form className="login-form" onSubmit={(event) => void submit(event)}>
      <Field name="organization" label={TEXTS.login.organization} value={organization} autoComplete="organization" />
      <Field name="username" label={TEXTS.login.username} value={username} autoComplete="username" />
      <Field name="password" label={TEXTS.login.password} value="" autoComplete="current-password" type="password" />
      {error !== null && <ErrorNote error={error} />}
      <button type="submit" className="button primary" aria-disabled={isBusy}>
        {isBusy ? TEXTS.working : TEXTS.login.submit}
      </button>
      <OtherWays />
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly autoComplete: string;
  readonly type?: string;
}

function Field({ name, label, value, autoComplete, type = 'text' }: FieldProps) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...{ id, name, type, autoComplete }}
        defaultValue={value}
        required
        spellCheck={false}
        autoCapitalize="off"
      />
    </p>
  );
}

/** By the identity provider, where the service has one. */
function OtherWays() {
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    const asking = new AbortController();
    connect({ url: location.origin })
      .GET('/api/v1/auth/providers', { signal: asking.signal })
      .then(({ data }) => setProviders(data?.data ?? []))
      // Without an answer there is the password, whose form says what is wrong.
      .catch(() => undefined);
    return () => asking.abort();
  }, []);
  return providers.map(({ id, issuer, start }) =>
    start === null ? null : (
      <p key={id} className="login-other">
        <a className="button" href={`${start}?return_to=${encodeURIComponent(returnTo())}`}>
          {TEXTS.login.provider(issuer === null ? id : new URL(issuer).host)}
        </a>
      </p>
    ),
  );
}

/** As the API allows it: printable, and of this service. */
function returnTo(): string {
  return `${location.pathname}${location.search}`.replaceAll('\\', '%5C');
}
