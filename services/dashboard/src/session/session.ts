import { ApiError, connect, type components } from '@eden/client';

/*
 * Who is logged in. The token lives in the memory of this page alone; a cookie that no script can read fetches the next
 * one. When that is refused, whatever asks for a token waits until somebody has logged in again: a form that was being
 * filled in stays as it is, and its request is sent afterwards.
 */

export type Caller = components['schemas']['Caller'];
type Token = components['schemas']['Token'];

export type SessionState =
  | { readonly name: 'starting' }
  | { readonly name: 'out' }
  /** `caller` is who it was until now. */
  | { readonly name: 'ended'; readonly caller: Caller }
  | { readonly name: 'in'; readonly caller: Caller };

export interface Credentials {
  readonly organization: string;
  readonly username: string;
  readonly password: string;
}

/** Says to the service that no other site has sent the request. */
const CSRF = { 'X-Eden-Csrf': '1' } as const;
/** A token is not begun to be used that soon before its end. */
const MARGIN_MS = 30_000;
const MS_PER_SECOND = 1000;

interface HeldToken {
  readonly value: string;
  readonly goodUntil: number;
}

export class Session {
  private readonly http = connect({ url: location.origin, attempts: 3 });
  private readonly listeners = new Set<() => void>();
  private current: SessionState = { name: 'starting' };
  private held: HeldToken | null = null;
  private refreshing: Promise<HeldToken> | null = null;
  private waiting: (() => void)[] = [];

  get state(): SessionState {
    return this.current;
  }

  /** @returns the way to stop listening */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Goes on with the session that the browser has, if any. @throws UnreachableError */
  async resume(): Promise<void> {
    try {
      this.held = await this.refresh();
      this.become({ name: 'in', caller: await this.whoAmI(this.held) });
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.become({ name: 'out' });
    }
  }

  /** @throws ApiError for wrong credentials */
  async logIn({ organization, username, password }: Credentials): Promise<void> {
    const { data } = await this.http.POST('/api/v1/auth/session', {
      body: { id: organization },
      headers: { Authorization: `Basic ${base64(`${username}:${password}`)}` },
    });
    const held = hold(data as Token);
    const caller = await this.whoAmI(held);
    if (this.isForSomebodyElse(caller)) return location.reload();
    this.held = held;
    this.become({ name: 'in', caller });
    for (const goOn of this.waiting.splice(0)) goOn();
  }

  /** The token of this page goes too, if it can: it ends soon by itself. @throws ApiError, UnreachableError where the session stays */
  async logOut(): Promise<void> {
    const headers = this.held === null ? {} : { Authorization: `Bearer ${this.held.value}` };
    const [session] = await Promise.allSettled([
      this.http.DELETE('/api/v1/auth/session', { params: { header: CSRF } }),
      this.http.POST('/api/v1/auth/logout', { body: {}, headers }),
    ]);
    if (session.status === 'rejected' && !isRefused(session.reason)) throw session.reason;
    location.assign('/ui/');
  }

  /** A token that is good for a while; asked for before each request. Waits for a login, where there has to be one. */
  readonly token = async (): Promise<string> => {
    for (;;) {
      const good = this.goodToken();
      if (good !== null) return good;
      try {
        this.held = await this.refresh();
      } catch (error) {
        if (!isRefused(error)) throw error;
        // Unless somebody has logged in while it was refused.
        if (this.goodToken() === null) await this.untilLoggedIn();
      }
    }
  };

  /** The service does not want this token any more, whatever it said of its end. */
  distrust(token: string): void {
    if (this.held?.value === token) this.held = null;
  }

  private goodToken(): string | null {
    return this.held !== null && this.held.goodUntil > Date.now() ? this.held.value : null;
  }

  private refresh(): Promise<HeldToken> {
    this.refreshing ??= this.exchangeCookie().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** All windows of the browser share the cookie: in another one, somebody else may have logged in. */
  private async exchangeCookie(): Promise<HeldToken> {
    const { data } = await this.http.POST('/api/v1/auth/session/refresh', { body: {}, params: { header: CSRF } });
    const held = hold(data as Token);
    if (!('caller' in this.current) || !this.isForSomebodyElse(await this.whoAmI(held))) return held;
    location.reload();
    return new Promise<never>(() => undefined);
  }

  /** What is on the page was read by another one, and would be changed in the wrong name. */
  private isForSomebodyElse({ uuid }: Caller): boolean {
    return 'caller' in this.current && this.current.caller.uuid !== uuid;
  }

  private async whoAmI({ value }: HeldToken): Promise<Caller> {
    const { data } = await this.http.GET('/api/v1/auth/me', { headers: { Authorization: `Bearer ${value}` } });
    if (data === undefined) throw new TypeError('the service has not said who asks');
    return data.data;
  }

  private untilLoggedIn(): Promise<void> {
    if (this.current.name === 'in') this.become({ name: 'ended', caller: this.current.caller });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private become(state: SessionState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

function hold({ token, expires_in: seconds }: Token): HeldToken {
  return { value: token, goodUntil: Date.now() + seconds * MS_PER_SECOND - MARGIN_MS };
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Of the text's UTF-8 bytes, as RFC 7617 says. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
