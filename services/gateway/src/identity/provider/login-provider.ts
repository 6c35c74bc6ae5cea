import { EdenError } from '@eden/domain';
import * as oidc from 'openid-client';
import { identityOf, type ClaimMapping, type ProviderIdentity } from './claims.js';

export interface LoginProviderOptions extends ClaimMapping {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a login has to come back with: kept by the browser that began it. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const SCOPE = 'openid';

/** Logs browsers in at the identity provider: the authorization code flow with PKCE, state and nonce (OpenID Connect Core, RFC 7636). */
export class LoginProvider {
  readonly issuer: string;
  /** Read when the first login comes, and again until it could be read. */
  private discovered: Promise<oidc.Configuration> | undefined;

  constructor(private readonly options: LoginProviderOptions) {
    this.issuer = options.issuer;
  }

  /** Where the browser goes. @throws EdenError SERVICE_UNAVAILABLE */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly pending: PendingLogin }> {
    const provider = await this.discover();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url, pending: { state, nonce, verifier } };
  }

  /** Who has come back. @throws EdenError AUTHENTICATION_REQUIRED, SERVICE_UNAVAILABLE */
  async complete(url: URL, { state, nonce, verifier }: PendingLogin): Promise<ProviderIdentity> {
    const provider = await this.discover();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    try {
      const claims = (await oidc.authorizationCodeGrant(provider, url, checks)).claims();
      return identityOf({ ...claims }, this.options);
    } catch (cause) {
      throw cause instanceof EdenError ? cause : new EdenError('AUTHENTICATION_REQUIRED', {}, { cause });
    }
  }

  private async discover(): Promise<oidc.Configuration> {
    this.discovered ??= discover(this.options);
    try {
      return await this.discovered;
    } catch (cause) {
      this.discovered = undefined;
      throw new EdenError('SERVICE_UNAVAILABLE', { details: 'The identity provider does not answer' }, { cause });
    }
  }
}

function discover({ issuer, clientId, clientSecret }: LoginProviderOptions): Promise<oidc.Configuration> {
  const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });
}
