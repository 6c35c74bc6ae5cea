import { z } from 'zod';
import { data } from '../http/answer.js';
import { publicOperation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { loginProviderSchema } from '../schemas/identity.js';

const PASSWORD = { id: 'password', issuer: null, start: null } as const;

export const listLoginProviders = publicOperation({
  method: 'get',
  path: '/auth/providers',
  tag: 'Identity',
  summary: 'List the ways in which a browser can log in',
  result: dataSchema(z.array(loginProviderSchema)),
  authorize: () => undefined,
  handler: ({ deps: { loginProvider } }) =>
    Promise.resolve(
      data([
        PASSWORD,
        ...(loginProvider === null
          ? []
          : [{ id: 'oidc' as const, issuer: loginProvider.issuer, start: '/api/v1/auth/oidc/start' }]),
      ]),
    ),
});
