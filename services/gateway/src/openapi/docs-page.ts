import type { OpenApiDocument } from './document.js';

/*
 * The OpenAPI document as one HTML page: no script, no font and no style from elsewhere.
 */

interface OperationObject {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  details { border-top: 1px solid #ddd; padding: .4rem 0; } summary { cursor: pointer; }
  code, pre { font: 13px/1.4 ui-monospace, monospace; } pre { background: #f6f6f6; padding: .6rem; overflow: auto; }
  .method { display: inline-block; width: 4.5rem; font-weight: 600; text-transform: uppercase; }
  dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }
`;

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

function schemaBlock(content: Content | undefined): string {
  const schema = content?.['application/json']?.schema;
  return schema === undefined ? '' : `<pre>${escape(JSON.stringify(schema, null, 2))}</pre>`;
}

function parameterList({ parameters = [] }: OperationObject): string {
  const items = parameters.map(
    ({ name, in: place, description = '' }) =>
      `<dt><code>${escape(name)}</code> (${escape(place)})</dt><dd>${escape(description)}</dd>`,
  );
  return items.length === 0 ? '' : `<h4>Parameters</h4><dl>${items.join('')}</dl>`;
}

function responseList({ responses }: OperationObject): string {
  const items = Object.entries(responses).map(([status, { description, content }]) => {
    const body = Number(status) < 400 ? schemaBlock(content) : '';
    return `<dt>${escape(status)}</dt><dd>${escape(description)}${body}</dd>`;
  });
  return `<h4>Answers</h4><dl>${items.join('')}</dl>`;
}

function operationBlock(path: string, method: string, operation: OperationObject): string {
  const { summary = '', description = '', requestBody } = operation;
  const body = requestBody === undefined ? '' : `<h4>Body</h4>${schemaBlock(requestBody.content)}`;
  return `<details><summary><span class="method">${method}</span> <code>${escape(path)}</code> ${escape(summary)}</summary>
<p>${escape(description)}</p>${parameterList(operation)}${body}${responseList(operation)}</details>`;
}

interface Entry {
  readonly tag: string;
  readonly html: string;
}

function entriesOf({ paths = {} }: OpenApiDocument): Entry[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, OperationObject>>).map(([method, operation]) => ({
      tag: operation.tags?.[0] ?? '',
      html: operationBlock(path, method, operation),
    })),
  );
}

function schemaSection({ components = {} }: OpenApiDocument): string {
  const blocks = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) =>
      `<details><summary><code>${escape(name)}</code></summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`,
  );
  return `<h2>Schemas</h2>${blocks.join('\n')}`;
}

export function docsPage(document: OpenApiDocument): string {
  const entries = entriesOf(document);
  const tags = [...new Set(entries.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const blocks = entries.filter((entry) => entry.tag === tag).map(({ html }) => html);
    return `<h2>${escape(tag)}</h2>${blocks.join('\n')}`;
  });
  const { title, description = '' } = document.info;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><h1>${escape(title)}</h1><p>${escape(description)} Machine-readable: <a href="/openapi.json">openapi.json</a></p>
${sections.join('\n')}${schemaSection(document)}</body></html>`;
}
