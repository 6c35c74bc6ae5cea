import { answerOf, ApiError, connect } from '@eden/client';
import type { DevState } from './state.js';

const ORGANIZATION = 'dev';
const USERNAME = 'admin';

/** Who one is at the service of `eden dev`. */
export interface DevAccess {
  readonly organization: string;
  readonly username: string;
  readonly token: string;
}

/** What the login of the dashboard asks for, where the service is this machine's own. */
export function describeLogin({ password }: DevState): string {
  return `organization ${ORGANIZATION}, user ${USERNAME}, password ${password}`;
}

/** Logs in as the SuperAdmin of the organization `dev`, which is made at the first start. */
export async function accessTo(url: string, { secrets, password }: DevState): Promise<DevAccess> {
  const body = { id: ORGANIZATION, super_admins: [{ username: USERNAME, password }] };
  const creator = connect({ url, token: () => secrets.NEW_ORG_TOKEN });
  await answerOf(creator.POST('/api/v1/new', { body })).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  });
  const credentials = Buffer.from(`${USERNAME}:${password}`).toString('base64');
  const { token } = await answerOf(
    connect({ url }).POST('/api/v1/auth/login', {
      body: { id: ORGANIZATION },
      headers: { Authorization: `Basic ${credentials}` },
    }),
  );
  return { organization: ORGANIZATION, username: USERNAME, token };
}
