import { answerOf, type Connection } from '@eden/client';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { printItems, type View } from '../render/output.js';
import { report } from '../report.js';
import type { Shell } from '../shell.js';
import { assertMeant, withYes, type DeleteFlags } from './deleting.js';

/** A subject and its level. */
type Grant = readonly string[];

/** The routes of one kind of resource differ in their names only. */
const COLLECTIONS = { endpoint: 'endpoints', template: 'templates', api: 'apis', migration: 'migrations' } as const;

interface Resource {
  readonly kind: keyof typeof COLLECTIONS;
  readonly id: string;
}

const grantView: View<Grant> = {
  name: ([subject]) => `subject/${subject}`,
  columns: [
    ['SUBJECT', ([subject]) => subject],
    ['LEVEL', ([, level]) => level],
  ],
};

/** Levels on one resource in place of those in the organization. */
export function addGrants(program: Command, shell: Shell): void {
  const grants = program.command('grants').description('levels on single endpoints, templates, APIs and migrations');
  withExamples(grants, [['eden grants set api/orders ann=Write ci=None', 'in place of their levels']]);
  addList(grants, shell);
  addSet(grants, shell);
  addDelete(grants, shell);
}

function addList(grants: Command, shell: Shell): void {
  const command = grants.command('list').argument('<resource>').description('who has which level on a resource');
  command.action(
    shell.action(async (call, resource) => {
      const { connection } = await call.session();
      const { data } = await listGrants(connection, parseResource(resource as string));
      printItems(call, data.subjects, grantView);
    }),
  );
  withExamples(command, [['eden grants list migration/shop', 'one line each']]);
}

function addSet(grants: Command, shell: Shell): void {
  const command = grants
    .command('set')
    .argument('<resource>')
    .argument('<subject=level...>')
    .description('give users, robots and provider:<sub> levels on a resource: None, Read, Write, Admin, SuperAdmin');
  command.action(
    shell.action(async (call, resource, ...pairs) => {
      const body = { subjects: pairs.flat().map((pair) => parseGrant(pair as string)) };
      const { connection } = await call.session();
      const answer = await putGrants(connection, parseResource(resource as string), body as never);
      report(call, answer, {
        name: nameOf(resource as string),
        sentence: `${resource as string}: ${body.subjects.length} granted`,
      });
    }),
  );
  withExamples(command, [['eden grants set api/orders ann=Write ci=None', 'two at once, both or neither']]);
}

function addDelete(grants: Command, shell: Shell): void {
  const command = grants.command('delete').argument('<resource>').argument('<subject>');
  withYes(command.description('take a grant away: the level in the organization holds again')).action(
    shell.action<DeleteFlags>(async (call, resource, subject) => {
      const parsed = parseResource(resource as string);
      await assertMeant(call, `Delete the grant of ${subject as string} on ${resource as string}?`);
      const { connection } = await call.session();
      const answer = await deleteGrant(connection, parsed, subject as string);
      report(call, answer, {
        name: nameOf(resource as string),
        sentence: `${resource as string}: ${subject as string} has no grant any more`,
      });
    }),
  );
  withExamples(command, [
    ['eden grants delete api/orders ann', 'one subject; asks'],
    ['eden grants delete api/orders ann --yes', 'without a question'],
  ]);
}

/** @throws CommandError (usage) */
function parseResource(text: string): Resource {
  const [, kind = '', id = ''] = /^(\w+)\/(.+)$/.exec(text) ?? [];
  const known = Object.entries(COLLECTIONS).find((names) => names.includes(kind as never));
  if (known !== undefined && id !== '') return { kind: known[0] as Resource['kind'], id };
  const next = `Write it as ${Object.keys(COLLECTIONS).join('/ID, ')}/ID.`;
  throw new CommandError(`"${text}" is no resource`, next, EXIT.usage);
}

function nameOf(resource: string): string {
  const { kind, id } = parseResource(resource);
  return `${kind}/${id}`;
}

/** @throws CommandError (usage) */
function parseGrant(text: string): Grant {
  const at = text.lastIndexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandError(`"${text}" grants nothing`, 'Write it as subject=level.', EXIT.usage);
}

type Subjects = '/api/v1/iam/rbac/apis/{api}/subjects';
type OneSubject = `${Subjects}/{subject}`;

/** One of the four paths, which take the same and answer the same. */
function pathOf({ kind }: Resource): Subjects {
  return `/api/v1/iam/rbac/${COLLECTIONS[kind]}/{${kind}}/subjects` as Subjects;
}

function listGrants(http: Connection, resource: Resource) {
  return answerOf(http.GET(pathOf(resource), { params: { path: { [resource.kind]: resource.id } as never } }));
}

function putGrants(http: Connection, resource: Resource, body: never) {
  return answerOf(http.POST(pathOf(resource), { params: { path: { [resource.kind]: resource.id } as never }, body }));
}

function deleteGrant(http: Connection, resource: Resource, subject: string) {
  const path = { [resource.kind]: resource.id, subject } as never;
  return answerOf(http.DELETE(`${pathOf(resource)}/{subject}` as OneSubject, { params: { path } }));
}
