import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { callerSchema } from '../schemas/identity.js';

export const getCaller = operation({
  method: 'get',
  path: '/auth/me',
  tag: 'Identity',
  summary: 'Show who asks',
  result: dataSchema(callerSchema),
  handler: ({ subject }) => {
    const { organizationId, organizationUuid, username, userUuid, level, scopes } = subject;
    const organization = { organization: organizationId, organization_uuid: organizationUuid };
    const kind = scopes === null ? ('user' as const) : ('robot' as const);
    const caller = { ...organization, name: username, uuid: userUuid, kind, level };
    return Promise.resolve(data({ ...caller, scopes: scopes === null ? null : [...scopes] }));
  },
});
