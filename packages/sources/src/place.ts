import type { HistoryPlace, JsonObject, SourceOptions, Statement } from '@eden/domain';

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified({ schema, table }: Pick<HistoryPlace, 'schema' | 'table'>): string {
  return `${quote(schema)}.${quote(table)}`;
}

export function statement(text: string, ...params: Statement['params']): Statement {
  return { text, params };
}

/** Where the tool looks for its history when nobody tells it otherwise; schema null = the first of the search path. */
export interface DefaultPlace {
  readonly schema: string | null;
  readonly table: string;
}

const PROBE = `
  WITH place AS (SELECT coalesce($1::text, current_schema()::text, 'public') AS schema, $2::text AS name)
  SELECT current_database()::text AS database, current_user::text AS "user", place.schema, place.name AS "table",
         to_regnamespace(quote_ident(place.schema)) IS NOT NULL AS schema_exists,
         coalesce((
           SELECT json_object_agg(attname, format_type(atttypid, NULL)) FROM pg_catalog.pg_attribute
           WHERE attrelid = to_regclass(quote_ident(place.schema) || '.' || quote_ident(place.name))
             AND attnum > 0 AND NOT attisdropped
         ), '{}'::json) AS columns,
         coalesce((
           SELECT json_agg(relname ORDER BY relname) FROM pg_catalog.pg_class
           WHERE relnamespace = to_regnamespace(quote_ident(place.schema)) AND relkind IN ('r', 'p', 'v', 'm', 'f')
             AND relname <> place.name
         ), '[]'::json) AS siblings
  FROM place`;

export function probePlace(byDefault: DefaultPlace, options: SourceOptions): Statement {
  const { schema, table } = namedPlace(options);
  return statement(PROBE, schema ?? byDefault.schema, table ?? byDefault.table);
}

/** What the options say of a place, which may be nothing. */
interface NamedPlace {
  readonly schema: string | undefined;
  readonly table: string | undefined;
}

/** Where the options say that the history lies; a table may name its schema itself. */
export function namedPlace({ schema, table }: { readonly [Name in keyof NamedPlace]?: NamedPlace[Name] }): NamedPlace {
  const dot = table?.indexOf('.') ?? -1;
  return dot > 0 ? { schema: schema ?? table?.slice(0, dot), table: table?.slice(dot + 1) } : { schema, table };
}

/** What a target answered: hostile until it has the shape that was asked for. */
export function readPlace(row: JsonObject): HistoryPlace {
  const text = (name: string): string => String(row[name] ?? '');
  const { columns, siblings } = row;
  const isObject = typeof columns === 'object' && columns !== null && !Array.isArray(columns);
  return {
    database: text('database'),
    user: text('user'),
    schema: text('schema'),
    schemaExists: row['schema_exists'] === true,
    table: text('table'),
    columns: isObject ? Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, String(type)])) : {},
    siblings: Array.isArray(siblings) ? siblings.map(String) : [],
  };
}

export function hasTable({ columns }: HistoryPlace): boolean {
  return Object.keys(columns).length > 0;
}

/** Whether the table has these columns, of types that begin so; others besides them do not matter. */
export function hasColumns({ columns }: HistoryPlace, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, type]) => columns[name]?.startsWith(type) === true);
}
