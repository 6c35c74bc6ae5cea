import type { Target } from './targets.js';

/** Of the running service and the databases that it migrates; all of it ends with the demo. */
export interface Access {
  readonly url: string;
  readonly login: { readonly organization: string; readonly username: string; readonly password: string };
  readonly newOrganizationToken: string;
  readonly first: Target;
  readonly second: Target;
}

/** URL and credentials; where the service stays up, also what to paste, and how to stop it. */
export function describeAccess(access: Access, stays: boolean): string {
  const { organization, username, password } = access.login;
  return (
    `\nThe service is up: ${access.url}/docs\n` +
    `  dashboard ${access.url}/ui/\n` +
    `  organization ${organization}, user ${username}, password ${password}\n` +
    (stays ? describeWayOn(access) : '\nIt stops now, and its data is removed.\n')
  );
}

/** The lines to paste are what the blocks of docs/ begin with, and what tests/docs reads. */
function describeWayOn({ url, login, newOrganizationToken, first, second }: Access): string {
  return (
    '\nTo go on with docs/tutorial/first-migration.md, paste this into another terminal:\n' +
    `  export URL=${url} LOGIN=${login.username}:${login.password} NEW_ORG_TOKEN=${newOrganizationToken}\n` +
    `  export CUSTOMERS_DB='${first.url}'\n` +
    `  export ORDERS_DB='${second.url}'\n` +
    '\nCtrl-C stops it and removes its data.\n'
  );
}
