import { createHook as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { newSecret } from '../identity/authenticate-hook.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { hookWithSecretSchema, newHookSchema } from '../schemas/hook.js';
import { viewHookWithSecret } from '../views/hook.js';

export const createHook = operation({
  method: 'post',
  path: '/iam/hooks',
  tag: 'Identity',
  summary: 'Create a deploy hook; its secret is shown this once',
  body: newHookSchema,
  result: messageWithDataSchema(hookWithSecretSchema),
  errors: ['HOOK_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { id, migrations = [], actions = [] } = body;
    const secret = newSecret();
    return doneWith(viewHookWithSecret(await create(deps, subject, { id, migrations, actions, secret }), secret));
  },
});
