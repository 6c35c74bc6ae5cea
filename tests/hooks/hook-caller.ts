import { createHmac } from 'node:crypto';
import type { ApiResponse } from '@eden/testkit';

export interface HookIdentity {
  readonly uuid: string;
  readonly secret: string;
}

export interface SignedCall {
  readonly body: string;
  readonly signature: string;
}

export interface Hooked {
  readonly status: string;
  readonly data: { readonly run: string; readonly gate: string };
}

export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

/** Written from the contract, and not with the code that is tested. */
export function macOf(secret: string, time: number, body: string): string {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
}

export function sign({ secret }: HookIdentity, call: object, time = unixNow()): SignedCall {
  const body = JSON.stringify(call);
  return { body, signature: `t=${time},v1=${macOf(secret, time, body)}` };
}

/** Without any token. Who is told 503 has to come again, as curl does with --retry: nothing was kept of the call. */
export async function callHook(
  gatewayUrl: string,
  uuid: string,
  { body, signature }: SignedCall,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiResponse<Hooked>> {
  for (;;) {
    const response = await fetch(`${gatewayUrl}/api/v1/hooks/${uuid}`, {
      method: 'POST',
      headers: { 'X-Eden-Signature': signature, ...headers },
      body,
    });
    const answer = (await response.json()) as Hooked;
    if (response.status !== 503) return { status: response.status, body: answer, headers: response.headers };
  }
}
