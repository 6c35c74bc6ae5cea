/** Keeps cookies by host, name and path, as browsers do. */
export class Browser {
  private readonly cookies = new Map<string, { readonly at: URL; readonly pair: string; readonly path: string }>();
  readonly set: string[] = [];

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const at = new URL(url);
    const sent = [...this.cookies.values()].filter(
      (kept) => kept.at.host === at.host && at.pathname.startsWith(kept.path),
    );
    const headers = { ...(init.headers as Record<string, string>), cookie: sent.map(({ pair }) => pair).join('; ') };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.keep(at, cookie);
    return response;
  }

  /** Goes where it is sent, until something is there. */
  async open(url: string, init: RequestInit = {}): Promise<{ response: Response; url: string }> {
    const response = await this.fetch(url, init);
    const location = response.headers.get('location');
    if (location === null || location.startsWith('/ui')) return { response, url };
    return this.open(new URL(location, url).href);
  }

  private keep(at: URL, cookie: string): void {
    this.set.push(cookie);
    const [pair = '', ...attributes] = cookie.split('; ');
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const key = `${at.host} ${path} ${pair.split('=')[0]}`;
    if (/; (max-age=0|expires=Thu, 01 Jan 1970)/i.test(cookie)) this.cookies.delete(key);
    else this.cookies.set(key, { at, pair, path });
  }
}
