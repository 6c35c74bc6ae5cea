import { EdenError } from '@eden/domain';
import { z } from 'zod';
import { publicOperation } from '../http/operation.js';
import { completeLogin } from '../identity/sessions/oidc-login.js';

export const finishOidcLogin = publicOperation({
  method: 'get',
  path: '/auth/oidc/callback',
  tag: 'Identity',
  summary: 'Take a browser back from the identity provider, and open its session',
  result: z.null(),
  status: 302,
  errors: ['ROUTE_NOT_FOUND', 'AUTHENTICATION_REQUIRED'],
  authorize: ({ loginProvider }) => {
    if (loginProvider === null) throw new EdenError('ROUTE_NOT_FOUND');
  },
  handler: async ({ deps, http }) => {
    const { location, cookies } = await completeLogin(deps, http);
    return { status: 302, body: null, headers: { Location: location, 'Set-Cookie': [...cookies] } };
  },
});
