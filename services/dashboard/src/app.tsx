import { ApiError } from '@eden/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ConnectionContext, connectAs } from './data/connection.js';
import { Live } from './data/live.js';
import { Keyboard, KeyboardContext } from './keyboard/keyboard.js';
import { Ways } from './navigation/leaving.js';
import { ErrorNote } from './parts/error-note.js';
import { ToastProvider } from './parts/toast.js';
import { LoginPage } from './session/login-page.js';
import type { Session } from './session/session.js';
import { SessionContext, useSession, useSessionState } from './session/use-session.js';
import { Shell } from './shell.js';
import { TEXTS } from './texts.js';

/** The whole dashboard: whoever is logged in sees the pages, everybody else the login. */
export function App({ session }: { readonly session: Session }) {
  const keyboard = useMemo(() => new Keyboard(), []);
  useEffect(() => {
    document.addEventListener('keydown', keyboard.onKeyDown);
    return () => document.removeEventListener('keydown', keyboard.onKeyDown);
  }, [keyboard]);
  return (
    <SessionContext value={session}>
      <KeyboardContext value={keyboard}>
        <Ways>
          <Gate />
        </Ways>
      </KeyboardContext>
    </SessionContext>
  );
}

function Gate() {
  const session = useSession();
  const { name } = useSessionState();
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    session.resume().then(() => setError(null), setError);
  }, [session, attempt]);
  if (error !== null)
    return (
      <main className="login">
        <ErrorNote error={error} onRetry={() => setAttempt(attempt + 1)} />
      </main>
    );
  if (name === 'starting') return <p className="loading">{TEXTS.loading}</p>;
  return name === 'out' ? <LoginPage /> : <Inside session={session} />;
}

/** What is read stays while the token is renewed: the session changes, the page does not. */
function Inside({ session }: { readonly session: Session }) {
  const connection = useMemo(() => connectAs(session), [session]);
  const queries = useMemo(createQueries, []);
  return (
    <ConnectionContext value={connection}>
      <QueryClientProvider client={queries}>
        <ToastProvider>
          <Live>
            <Shell />
          </Live>
        </ToastProvider>
      </QueryClientProvider>
    </ConnectionContext>
  );
}

/** The connection itself asks again where that helps; what changes is told by the event stream. */
function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError),
      },
    },
  });
}
