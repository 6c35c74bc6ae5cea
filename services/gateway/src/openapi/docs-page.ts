import { createHash } from 'node:crypto';
import type { OpenApiDocument } from './document.js';
import { code, escape, jsonBlock } from './html.js';
import { SchemaView, schemaAnchor } from './schema-view.js';
import type { Schema, Schemas } from './schema-view.js';

/*
 * The OpenAPI document as one HTML page: no script, no font and no style from elsewhere (docs/adr/0018).
 */

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

type Content = Readonly<Record<string, Media>>;

interface OperationObject {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  body > details { border-top: 1px solid #ddd; padding: .4rem 0; } summary { cursor: pointer; }
  code, pre { font: 13px/1.4 ui-monospace, monospace; } pre { background: #f6f6f6; padding: .6rem; overflow: auto; }
  .method { display: inline-block; width: 4.5rem; font-weight: 600; text-transform: uppercase; }
  dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; } dt em { font-weight: 400; color: #a33; }
`;

/** Allows this page its one style sheet, by the hash of its text, and nothing else. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

class DocsPage {
  private readonly schemas: Schemas;
  private readonly view: SchemaView;

  constructor(private readonly document: OpenApiDocument) {
    this.schemas = (document.components?.schemas ?? {}) as Schemas;
    this.view = new SchemaView(this.schemas);
  }

  render(): string {
    const { title, description = '' } = this.document.info;
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><h1>${escape(title)}</h1><p>${escape(description)} Machine-readable: <a href="/openapi.json">openapi.json</a></p>
${this.operationSections()}${this.schemaSection()}</body></html>`;
  }

  private operationSections(): string {
    const blocks = new Map<string, string[]>();
    for (const [path, item] of Object.entries(this.document.paths ?? {})) {
      for (const [method, operation] of Object.entries(item as Readonly<Record<string, OperationObject>>)) {
        const tag = operation.tags?.[0] ?? '';
        blocks.set(tag, [...(blocks.get(tag) ?? []), this.operation(path, method, operation)]);
      }
    }
    return [...blocks].map(([tag, html]) => `<h2>${escape(tag)}</h2>${html.join('\n')}`).join('\n');
  }

  private operation(path: string, method: string, operation: OperationObject): string {
    const { summary = '', description = '', requestBody } = operation;
    const body = requestBody === undefined ? '' : `<h4>Body</h4>${this.content(requestBody.content)}`;
    return `<details><summary><span class="method">${method}</span> ${code(path)} ${escape(summary)}</summary>
<p>${escape(description)}</p>${this.parameters(operation)}${body}${this.responses(operation)}</details>`;
  }

  private parameters({ parameters = [] }: OperationObject): string {
    const items = parameters.map(
      ({ name, in: place, description = '' }) =>
        `<dt>${code(name)} (${escape(place)})</dt><dd>${escape(description)}</dd>`,
    );
    return items.length === 0 ? '' : `<h4>Parameters</h4><dl>${items.join('')}</dl>`;
  }

  /** All errors have one shape, which stands below: of them only the examples are shown. */
  private responses({ responses }: OperationObject): string {
    const items = Object.entries(responses).map(([status, { description, content = {} }]) => {
      const body = Number(status) < 400 ? this.content(content) : examplesOf(content);
      return `<dt>${escape(status)}</dt><dd>${escape(description)}${body}</dd>`;
    });
    return `<h4>Answers</h4><dl>${items.join('')}</dl>`;
  }

  private content(content: Content): string {
    const schema = content['application/json']?.schema;
    return examplesOf(content) + (schema === undefined ? '' : this.view.render(schema));
  }

  private schemaSection(): string {
    const blocks = Object.entries(this.schemas).map(
      ([name, schema]) =>
        `<details id="${schemaAnchor(name)}"><summary>${code(name)}</summary>${this.view.render(schema, [name])}</details>`,
    );
    return `<h2>Schemas</h2>${blocks.join('\n')}`;
  }
}

function examplesOf(content: Content): string {
  const examples = Object.entries(content['application/json']?.examples ?? {});
  return examples.map(([name, { value }]) => `<p>${escape(name)}</p>${jsonBlock(value)}`).join('');
}

export function docsPage(document: OpenApiDocument): string {
  return new DocsPage(document).render();
}
