import type { Endpoint } from '@eden/client';
import { textOf } from '../../parts/fields.js';
import type { JsonObject } from '../../parts/json.js';
import { TEXTS } from '../../texts.js';

export const ENDPOINT_KINDS = ['Postgres', 'MySQL', 'Http'] as const;
export type EndpointKind = Endpoint['kind'];
export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** Of the form that is open; what was left empty is not in it, so that the service's own default holds. */
export function configOf(form: FormData, kind: EndpointKind): JsonObject {
  if (kind === 'Http') {
    const headers = headersOf(textOf(form, 'headers'));
    return filled({ base_url: textOf(form, 'base_url'), headers, timeout_ms: numberOf(form, 'timeout_ms') });
  }
  const pool = { pool_size: numberOf(form, 'pool_size') };
  if (form.get('way') === 'url') return filled({ url: textOf(form, 'url'), ...pool });
  return filled({
    host: textOf(form, 'host'),
    port: numberOf(form, 'port'),
    database: textOf(form, 'database'),
    username: textOf(form, 'username'),
    // White space may be part of it.
    password: String(form.get('password') ?? ''),
    ssl_mode: textOf(form, 'ssl_mode'),
    ...pool,
  });
}

/** What the form does not ask for, of an endpoint that stays described by fields: a change takes the place of all of it. */
export function keptOf(form: FormData, config: Endpoint['config']): JsonObject {
  if (form.get('way') !== 'fields') return {};
  return Object.fromEntries(Object.entries(config).filter(([name]) => !ASKED.includes(name)));
}

const ASKED: readonly string[] = ['host', 'port', 'database', 'username', 'password', 'ssl_mode', 'pool_size', 'url'];

function numberOf(form: FormData, name: string): number | undefined {
  const text = textOf(form, name);
  return text === '' ? undefined : Number(text);
}

/** One to a line, as HTTP has them. */
function headersOf(text: string): Readonly<Record<string, string>> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.indexOf(':');
      if (end < 1) throw new Error(TEXTS.endpoints.form.badHeader(line));
      return [line.slice(0, end).trim(), line.slice(end + 1).trim()];
    }),
  );
}

function filled(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== ''));
}
