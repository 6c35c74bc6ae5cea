import { code, escape } from './html.js';

/*
 * A JSON schema as HTML: one list of properties, in which every reference is followed to what it names.
 */

/** The keywords that the generated document has. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly [keyword: string]: unknown;
}

export type Schemas = Readonly<Record<string, Schema>>;

/** Limits, and how they read before their value. */
const LIMITS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  minLength: 'characters at least',
  maxLength: 'characters at most',
  minItems: 'items at least',
  maxItems: 'items at most',
  pattern: 'matches',
};

const REFERENCE = '#/components/schemas/';

export function schemaAnchor(name: string): string {
  return `schema-${name}`;
}

/** Renders the schemas of one document. */
export class SchemaView {
  constructor(private readonly schemas: Schemas) {}

  /** What a value has to be, with everything that is inside it. @param seen Names that are being rendered already. */
  render(schema: Schema, seen: readonly string[] = []): string {
    const name = schema.$ref?.slice(REFERENCE.length);
    const limits = name === undefined ? limitsOf(schema) : '';
    return `<p>${this.type(schema)}${limits}</p>${this.inside(schema, seen)}`;
  }

  /** In a few words, with a link for what has a name. */
  private type(schema: Schema): string {
    const { $ref, items, anyOf, allOf, enum: values, format } = schema;
    if ($ref !== undefined) return nameLink($ref.slice(REFERENCE.length));
    if (values !== undefined) return values.map((value) => code(JSON.stringify(value))).join(' or ');
    if (anyOf !== undefined) return anyOf.map((each) => this.type(each)).join(' or ');
    if (allOf !== undefined) return allOf.map((each) => this.type(each)).join(' and ');
    const types = [schema.type ?? 'any JSON'].flat().map((type) => escape(type));
    const text = types.join(' or ') + (format === undefined ? '' : ` (${escape(format)})`);
    return items === undefined ? text : `${text} of ${this.type(items)}`;
  }

  /** The properties, elements and alternatives of a schema. */
  private inside(schema: Schema, seen: readonly string[]): string {
    const name = schema.$ref?.slice(REFERENCE.length);
    if (name !== undefined) {
      const named = this.schemas[name];
      return named === undefined || seen.includes(name) ? '' : this.inside(named, [...seen, name]);
    }
    const { properties = {} } = schema;
    const rows = Object.entries(properties).map(([key, value]) => this.property(key, value, schema, seen));
    const parts = partsOf(schema).map((part) => this.inside(part, seen));
    return (rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`) + parts.join('');
  }

  private property(key: string, schema: Schema, { required = [] }: Schema, seen: readonly string[]): string {
    const { description = '', default: initial } = schema;
    const mark = required.includes(key) ? ' <em>required</em>' : '';
    const preset = initial === undefined ? '' : `, default ${code(JSON.stringify(initial))}`;
    const text = description === '' ? '' : `<br>${escape(description)}`;
    const inside = this.inside(schema, seen);
    const more = inside === '' ? '' : `<details><summary>inside</summary>${inside}</details>`;
    return `<dt>${code(key)}${mark}</dt><dd>${this.type(schema)}${limitsOf(schema)}${preset}${text}${more}</dd>`;
  }
}

/** The elements, alternatives and values of a schema, all but its properties. */
function partsOf({ items, anyOf = [], allOf = [], additionalProperties: values }: Schema): readonly Schema[] {
  const elements = items === undefined ? [] : [items];
  return [...elements, ...anyOf, ...allOf, ...(typeof values === 'object' ? [values] : [])];
}

function nameLink(name: string): string {
  return `<a href="#${schemaAnchor(name)}">${escape(name)}</a>`;
}

function limitsOf(schema: Schema): string {
  const limits = Object.entries(LIMITS).filter(([keyword]) => schema[keyword] !== undefined);
  return limits.map(([keyword, words]) => `, ${words} ${code(String(schema[keyword]))}`).join('');
}
