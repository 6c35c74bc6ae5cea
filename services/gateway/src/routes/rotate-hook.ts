import { rotateHook as rotate } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { newSecret } from '../identity/authenticate-hook.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { hookWithSecretSchema, rotateHookSchema } from '../schemas/hook.js';
import { viewHookWithSecret } from '../views/hook.js';

export const rotateHook = operation({
  method: 'post',
  path: '/iam/hooks/{hook}/rotate',
  tag: 'Identity',
  summary: 'Give a deploy hook another secret; the one so far counts for a while longer',
  body: rotateHookSchema,
  result: messageWithDataSchema(hookWithSecretSchema),
  handler: async ({ subject, path, body, deps }) => {
    const secret = newSecret();
    const hook = await rotate(deps, subject, path.hook, { secret, overlapSeconds: body.overlap_seconds });
    return doneWith(viewHookWithSecret(hook, secret));
  },
});
