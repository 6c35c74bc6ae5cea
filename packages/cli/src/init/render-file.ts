import { Document } from 'yaml';
import type { Proposal } from './propose.js';

const HEAD = ` One line of releases over all databases of this application: "eden apply" applies what is pending in all of them, or
 nothing. What else may stand here: docs/reference/cli.md of Eden Migrations.`;

/** The text of an eden.yaml that applies as it is, once the variables are set. */
export function renderFile(migration: string, proposals: readonly Proposal[]): string {
  const document = new Document({
    version: 1,
    migration,
    endpoints: Object.fromEntries(
      proposals.map(({ endpoint, variable }) => [endpoint, { kind: 'Postgres', url: `env:${variable}` }]),
    ),
    sources: proposals.map(({ endpoint, tool, path }) => ({ endpoint, tool, path })),
  });
  document.commentBefore = HEAD;
  return document.toString({ lineWidth: 0 });
}
