/** The table of docs/reference/permissions.md is made from services/gateway/src/permissions.ts. */
import { register } from 'node:module';
import { holdSections, report } from './generated-sections.mjs';

register('../packages/locking/src/testing/typescript-hooks.js', import.meta.url);
const { PERMISSIONS } = await import('../services/gateway/src/permissions.ts');

const OPEN_WITH = {
  basic: 'name and password',
  organizationToken: '`NEW_ORG_TOKEN`',
  signature: 'a signature of the body',
  ticket: 'a ticket; else Read, and of a key `read` or `gate`',
};
const GRANTS = {
  none: '–',
  listed: 'of each in the list',
  everything: '`None` on anything: refused',
  run: "of the run's migration",
};

function row([operation, permission]) {
  const [method, path] = operation.split(' ');
  const route = `\`${method.toUpperCase()} ${path}\``;
  if ('credentials' in permission) return [route, '–', OPEN_WITH[permission.credentials], '–'];
  const { level, scopes, grant, byDefinition } = permission;
  const keys = scopes.length === 0 ? 'no key' : scopes.map((scope) => `\`${scope}\``).join(', ');
  return [route, byDefinition ? `${level}, or more` : level, keys, GRANTS[grant] ?? `of the ${grant}`];
}

function table() {
  const head = ['route, below `/api/v1`', 'level', 'key with any scope of', 'a grant that overrides'];
  const rows = [head, head.map(() => '---'), ...Object.entries(PERMISSIONS).map(row)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

report(await holdSections('docs/reference/permissions.md', (name) => (name === 'permissions' ? table() : null)));
