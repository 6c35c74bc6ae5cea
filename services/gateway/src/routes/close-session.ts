import { done } from '../http/answer.js';
import { publicOperation } from '../http/operation.js';
import { secretOf } from '../identity/sessions/sessions.js';
import { messageSchema } from '../schemas/envelope.js';

/** Tokens that it has given out stay good until they expire, unless they are logged out. */
export const closeSession = publicOperation({
  method: 'delete',
  path: '/auth/session',
  tag: 'Identity',
  summary: 'End the session of a browser',
  headers: ['X-Eden-Csrf'],
  result: messageSchema,
  errors: ['AUTHENTICATION_REQUIRED'],
  authorize: (_deps, http) => void secretOf(http),
  handler: async ({ deps, http }) => {
    const cookie = await deps.sessions.close(deps.store, http, secretOf(http));
    return { ...done(), headers: { 'Set-Cookie': cookie } };
  },
});
