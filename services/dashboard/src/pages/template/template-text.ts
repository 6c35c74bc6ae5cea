import type { Template } from '@eden/client';

export const TEMPLATE_KINDS = ['Read', 'Write', 'Transaction', 'TwoPhaseTransaction'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** What runs, or what undoes it. */
export type Body = Template['template']['template'];
type Sql = Extract<Body, { query: string }>;
export type Http = Extract<Body, { method: string }>;

/** The statements of a body, each with what stands beside it. A request has none. */
export function operationsOf(body: Body): readonly Sql[] {
  if ('operations' in body) return body.operations;
  return 'query' in body ? [body] : [];
}

export function isTransaction(kind: TemplateKind): boolean {
  return kind === 'Transaction' || kind === 'TwoPhaseTransaction';
}

/** Names that stand as placeholders in the text, for whoever is asked for their values. Not of text that is taken as it is. */
export function placeholdersOf(body: Body): readonly string[] {
  const text = 'method' in body ? JSON.stringify(body) : textOf(operationsOf(body));
  const names = [...text.matchAll(TAG)].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !OURS.test(name));
}

function textOf(operations: readonly Sql[]): string {
  return operations
    .filter(({ syntax }) => syntax !== 'sql')
    .map(({ query, params }) => `${query} ${JSON.stringify(params ?? [])}`)
    .join('\n');
}

/** `{{x}}`, `{{ident x}}`, `{{#if x}}`: the last word of a tag. */
const TAG = /(?<!\\)\{\{~?\s*#?(?:[a-z]+\s+(?:"[^"]*"\s+)?)?([A-Za-z_][\w]*)[\w.[\]]*\s*~?\}\}/g;
const OURS = /^(batch|this|else)$/;
