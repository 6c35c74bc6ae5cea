import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Session } from './session.js';

/** A browser with one cookie, and a service that knows whose it is. */
const service = {
  cookie: null as string | null,
  /** Paths at which it fails, and all that were asked to be deleted or left. */
  broken: [] as readonly string[],
  left: [] as string[],
  /** Awaited before the next refresh is answered. */
  beforeRefresh: null as Promise<void> | null,
  /** Told of each refresh that is asked for. */
  onRefresh: (): void => undefined,
};
const SESSION = '/api/v1/auth/session';
const LOGOUT = '/api/v1/auth/logout';
const page = { origin: 'http://eden.test', reload: jest.fn(), assign: jest.fn() };

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === 'DELETE' || pathname.endsWith('/auth/logout')) return leave(pathname);
  if (pathname.endsWith('/auth/me')) {
    const name = (request.headers.get('Authorization') ?? '').replace('Bearer ', '');
    return Response.json({ status: 'success', data: { uuid: name, name, level: 'Read', organization: 'acme' } });
  }
  if (pathname.endsWith('/auth/session')) service.cookie = atob(authorization(request)).split(':')[0] ?? '';
  else return refreshed();
  return token(service.cookie);
}

function leave(pathname: string): Response {
  service.left.push(pathname);
  return service.broken.includes(pathname)
    ? Response.json({ error: 'broken', code: 'INTERNAL' }, { status: 500 })
    : Response.json({ status: 'success', message: 'done' });
}

async function refreshed(): Promise<Response> {
  const { cookie, beforeRefresh, onRefresh } = service;
  onRefresh();
  await beforeRefresh;
  return cookie === null
    ? Response.json({ error: 'no', code: 'AUTHENTICATION_REQUIRED' }, { status: 401 })
    : token(cookie);
}

function authorization(request: Request): string {
  return (request.headers.get('Authorization') ?? '').replace('Basic ', '');
}

function token(name: string): Response {
  return Response.json({ token: name, expires_in: 900 });
}

/** Whatever is ready has been done. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function untilEnded(session: Session): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.subscribe(() => {
      if (session.state.name !== 'ended') return;
      stop();
      resolve();
    });
  });
}

describe('a session of the dashboard', () => {
  const { fetch } = globalThis;

  beforeEach(() => {
    Object.assign(service, { cookie: 'ann', broken: [], left: [], beforeRefresh: null, onRefresh: () => undefined });
    jest.clearAllMocks();
    Object.assign(globalThis, { location: page, fetch: answer });
  });

  afterEach(() => {
    Object.assign(globalThis, { fetch });
    Reflect.deleteProperty(globalThis, 'location');
  });

  async function resumed(): Promise<Session> {
    const session = new Session();
    await session.resume();
    return session;
  }

  it('reads the page anew when somebody else has logged in at another window', async () => {
    const session = await resumed();
    expect(await session.token()).toBe('ann');
    service.cookie = 'bob';
    session.distrust('ann');
    const given = jest.fn();
    const reloaded = new Promise<void>((resolve) => page.reload.mockImplementationOnce(() => resolve()));
    void session.token().then(given);
    await reloaded;
    await turn();
    expect(page.reload).toHaveBeenCalled();
    expect(given).not.toHaveBeenCalled();
  });

  it('stays as it is after a login, whatever is refused of the time before', async () => {
    const session = await resumed();
    service.cookie = null;
    session.distrust('ann');
    const first = session.token();
    await untilEnded(session);
    let refuse = (): void => undefined;
    service.beforeRefresh = new Promise((resolve) => (refuse = resolve));
    const asked = new Promise<void>((resolve) => (service.onRefresh = resolve));
    const second = session.token();
    await asked;
    await session.logIn({ organization: 'acme', username: 'ann', password: 'correct horse' });
    refuse();
    await service.beforeRefresh;
    await turn();
    expect(session.state.name).toBe('in');
    expect(await Promise.all([first, second])).toEqual(['ann', 'ann']);
    expect(session.state.name).toBe('in');
    expect(page.reload).not.toHaveBeenCalled();
  });

  it('is over with the answer that the browser has none any more, whatever becomes of the token', async () => {
    service.broken = [LOGOUT];
    await (await resumed()).logOut();
    expect(new Set(service.left)).toEqual(new Set([SESSION, LOGOUT]));
    expect(page.assign).toHaveBeenCalledWith('/ui/');
  });

  it('says that it stays where it could not be ended, and ends the token all the same', async () => {
    service.broken = [SESSION];
    await expect((await resumed()).logOut()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(service.left).toContain(LOGOUT);
    expect(page.assign).not.toHaveBeenCalled();
  });
});
