import { revokeSubject } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { newRevocationSchema, revocationSchema } from '../schemas/revocation.js';
import { viewRevocation } from '../views/revocation.js';

export const createRevocation = operation({
  method: 'post',
  path: '/iam/revocations',
  tag: 'Identity',
  summary: 'Let a subject of the identity provider in no more',
  body: newRevocationSchema,
  result: dataSchema(revocationSchema),
  handler: async ({ subject: by, body, deps }) => {
    const { subject, reason = null } = body;
    return data(viewRevocation(await revokeSubject(deps, by, { subject, reason })));
  },
});
