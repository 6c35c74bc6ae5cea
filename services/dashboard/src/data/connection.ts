import { connect, type Connection } from '@eden/client';
import { createContext, useContext, useMemo } from 'react';
import type { Session } from '../session/session.js';
import { useSession } from '../session/use-session.js';

/** People see what is wrong after some seconds; the service is asked again when they ask. */
const ATTEMPTS = 4;
const UNAUTHORIZED = 401;

/** Every request in the name of whoever is logged in; one that the service has refused is sent once more with a new token. */
export function connectAs(session: Session, attempts = ATTEMPTS): Connection {
  const send = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const response = await fetch(request);
    if (response.status !== UNAUTHORIZED) return response;
    session.distrust((request.headers.get('Authorization') ?? '').replace('Bearer ', ''));
    again.headers.set('Authorization', `Bearer ${await session.token()}`);
    return fetch(again);
  };
  return connect({ url: location.origin, attempts, token: session.token, fetch: send });
}

export const ConnectionContext = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new TypeError('there is no connection around this');
  return connection;
}

/** For whoever wants to know whether something answers: the first answer is the one. */
export function useSingleTry(): Connection {
  const session = useSession();
  return useMemo(() => connectAs(session, 1), [session]);
}
