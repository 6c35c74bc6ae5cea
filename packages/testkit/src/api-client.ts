/** What came back; `body` is the parsed JSON (undefined when there is none). */
export interface ApiResponse<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

type HeaderFields = Readonly<Record<string, string>>;

const BASE_PATH = '/api/v1';

/** A client of one gateway: paths below /api/v1, JSON or a form, and a bearer token when it has one. */
export class ApiClient {
  constructor(
    readonly gatewayUrl: string,
    readonly token?: string,
  ) {}

  withToken(token: string): ApiClient {
    return new ApiClient(this.gatewayUrl, token);
  }

  /** The same identity at another gateway. */
  at(gatewayUrl: string): ApiClient {
    return new ApiClient(gatewayUrl, this.token);
  }

  get<Body>(path: string, headers?: HeaderFields): Promise<ApiResponse<Body>> {
    return this.send('GET', path, undefined, headers);
  }

  post<Body>(path: string, body: unknown = {}, headers?: HeaderFields): Promise<ApiResponse<Body>> {
    return this.send('POST', path, body, headers);
  }

  patch<Body>(path: string, body: unknown, headers?: HeaderFields): Promise<ApiResponse<Body>> {
    return this.send('PATCH', path, body, headers);
  }

  put<Body>(path: string, body: unknown, headers?: HeaderFields): Promise<ApiResponse<Body>> {
    return this.send('PUT', path, body, headers);
  }

  delete<Body>(path: string, headers?: HeaderFields): Promise<ApiResponse<Body>> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** @returns a client with the user's token. @throws when the login is refused. */
  async logIn(organization: string, username: string, password: string): Promise<ApiClient> {
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    const { status, body } = await this.post<{ token: string }>('/auth/login', { id: organization }, headers);
    if (status !== 200) throw new Error(`Login refused: ${status} ${JSON.stringify(body)}`);
    return this.withToken(body.token);
  }

  private async send<Body>(
    method: string,
    path: string,
    body: unknown,
    headers: HeaderFields = {},
  ): Promise<ApiResponse<Body>> {
    const identity = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const isJson = body !== undefined && !(body instanceof FormData);
    const type = isJson ? { 'content-type': 'application/json' } : {};
    const response = await fetch(`${this.gatewayUrl}${BASE_PATH}${path}`, {
      method,
      headers: { ...identity, ...type, ...headers },
      body: isJson ? JSON.stringify(body) : ((body as FormData | undefined) ?? null),
    });
    const text = await response.text();
    const parsed = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body: parsed as Body, headers: response.headers };
  }
}
