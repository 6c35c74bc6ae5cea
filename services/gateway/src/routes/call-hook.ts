import { publicOperation } from '../http/operation.js';
import { parseSigned } from '../http/body.js';
import { authenticateHook } from '../identity/authenticate-hook.js';
import { answerCall } from '../runs/answer-call.js';
import { dataSchema, messageWithDataSchema } from '../schemas/envelope.js';
import { hookCallSchema, hookedRunSchema } from '../schemas/hook.js';

export const callHook = publicOperation({
  method: 'post',
  path: '/hooks/{hook}',
  tag: 'Hooks',
  summary: 'Call a deploy hook: start a run, join the one under way, or hear that it is done',
  signedBody: true,
  headers: ['X-Eden-Signature'],
  body: hookCallSchema,
  result: dataSchema(hookedRunSchema),
  acceptedResult: messageWithDataSchema(hookedRunSchema),
  errors: [
    'AUTHENTICATION_REQUIRED',
    'HOOK_NOT_ALLOWED',
    'MIGRATION_NOT_FOUND',
    'MIGRATION_STATE',
    'MIGRATION_NOT_SYNCED',
    'PLAN_OUT_OF_DATE',
    'RUN_IN_PROGRESS',
    'RATE_LIMITED',
  ],
  authorize: () => undefined,
  handler: async ({ deps, http, path, bytes, count }) => {
    const principal = await authenticateHook(deps, http, { ref: path.hook, body: bytes });
    http.belongsTo(principal.caller.organizationId);
    await count(principal.caller.organizationUuid);
    return answerCall({ deps, http }, principal, parseSigned(hookCallSchema, bytes));
  },
});
