import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';

export const AUDIENCE = 'eden';
/** The command line, which has no secret: it logs people in by the device flow. */
export const PUBLIC_CLIENT = 'eden-cli';
export const CLIENT = { id: 'dashboard', secret: 'a-secret-of-the-dashboard' };

/** A key of the provider, and the id under which it is published. */
export interface ProviderKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function newKey(): ProviderKey {
  return { kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

/** A real OpenID provider on a port of its own. */
export class IdentityServer {
  /** Signs tokens. */
  key = newKey();
  /** Where it sends browsers back to. */
  redirectUri = 'http://127.0.0.1/';
  /** Does not answer who asks for its keys. */
  isAway = false;
  private provider: Provider | undefined;
  private readonly server = createServer((req, res) => this.answer(req, res));

  /** @param claims What tokens say besides, by their subject. */
  constructor(private readonly claims: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.rotate(this.key);
  }

  stop(): Promise<unknown> {
    this.server.close();
    this.server.closeAllConnections();
    return once(this.server, 'close');
  }

  /** From now on it knows this key alone. */
  rotate(key: ProviderKey): void {
    this.key = key;
    this.provider = new Provider(this.url, this.configuration());
  }

  /** A token for a program, by the client credentials grant. */
  async token(client: string): Promise<string> {
    const response = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client}:${CLIENT.secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'api' }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { access_token: string }).access_token;
  }

  private answer(req: IncomingMessage, res: ServerResponse): void {
    if (this.isAway && req.url === '/jwks') req.socket.destroy();
    else void this.provider?.callback()(req, res);
  }

  private configuration(): Configuration {
    const { claims, key } = this;
    return {
      jwks: {
        keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, alg: 'RS256', use: 'sig' } as never],
      },
      clients: this.clients(),
      claims: { openid: ['sub', ...new Set(Object.values(claims).flatMap(Object.keys))] },
      conformIdTokenClaims: false,
      findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims[id] }) }),
      scopes: ['openid', 'api'],
      cookies: { keys: ['a key of cookies'] },
      features: {
        clientCredentials: { enabled: true },
        deviceFlow: { enabled: true },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          // Programs alone: a browser gets an ID token.
          defaultResource: (_ctx, client) => (client.clientId === CLIENT.id ? [] : 'urn:eden'),
          getResourceServerInfo: () => ({
            scope: 'api',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      extraTokenClaims: (_ctx, token) => ({
        ...claims[('accountId' in token ? token.accountId : null) ?? token.clientId ?? ''],
      }),
    };
  }

  private clients(): ClientMetadata[] {
    const program = {
      client_secret: CLIENT.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    };
    return [
      ...Object.keys(this.claims).map((id) => ({ client_id: id, ...program }) as never),
      {
        client_id: PUBLIC_CLIENT,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
        redirect_uris: [],
        response_types: [],
      },
      { client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [this.redirectUri] },
    ];
  }
}
