import { EdenError } from '@eden/domain';
import { z } from 'zod';
import { publicOperation } from '../http/operation.js';
import { beginLogin } from '../identity/sessions/oidc-login.js';
import { oidcStartQuerySchema } from '../schemas/identity.js';

export const startOidcLogin = publicOperation({
  method: 'get',
  path: '/auth/oidc/start',
  tag: 'Identity',
  summary: 'Send a browser to the identity provider',
  query: oidcStartQuerySchema,
  result: z.null(),
  status: 302,
  errors: ['ROUTE_NOT_FOUND', 'VALIDATION_FAILED'],
  authorize: ({ loginProvider }) => {
    if (loginProvider === null) throw new EdenError('ROUTE_NOT_FOUND');
  },
  handler: async ({ query, deps, http }) => {
    const { location, cookie } = await beginLogin(deps, http, query.return_to);
    return { status: 302, body: null, headers: { Location: location, 'Set-Cookie': cookie } };
  },
});
