/** A caller of the HTTP API, as any other: paths below /api/v1, JSON, a bearer token. */
export class Client {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  withToken(token: string): Client {
    return new Client(this.url, token);
  }

  async login(organization: string, username: string, password: string): Promise<Client> {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const { token } = await this.send<{ token: string }>(
      'POST',
      '/auth/login',
      { id: organization },
      { authorization },
    );
    return this.withToken(token);
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.send('DELETE', path);
  }

  /** The error body of a request that must be refused. */
  async refused(path: string): Promise<Record<string, unknown>> {
    const response = await this.fetch('POST', path, {});
    if (response.ok) throw new Error(`POST ${path} should have been refused, and was answered with ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  }

  private async send<T>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<T> {
    const response = await this.fetch(method, path, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  private fetch(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const identity = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...identity, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
