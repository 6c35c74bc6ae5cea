import { Document } from 'yaml';
import { uniqueName, type Proposal } from './propose.js';

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
    sources: sourcesOf(proposals),
  });
  document.commentBefore = HEAD;
  return document.toString({ lineWidth: 0 });
}

/** A source is called as its endpoint is; the others of that endpoint have an id of their own. */
function sourcesOf(proposals: readonly Proposal[]): object[] {
  const taken = new Set<string>();
  return proposals.map(({ endpoint, tool, path }) => {
    const id = uniqueName(endpoint, taken);
    taken.add(id);
    return { ...(id === endpoint ? {} : { id }), endpoint, tool, path };
  });
}
