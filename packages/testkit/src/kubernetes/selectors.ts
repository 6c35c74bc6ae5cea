import type { KubeObject } from './objects.js';
import { StatusError } from './status-error.js';

export type Selector = (object: KubeObject) => boolean;

/** `app=eden,tier!=web,env in (a,b),!old` and `metadata.name=x`, as in a list or a watch. */
export function selectorOf(labels: string | null, fields: string | null): Selector {
  const rules = [...split(labels).map(labelRule), ...split(fields).map(fieldRule)];
  return (object) => rules.every((rule) => rule(object));
}

/** At the commas outside of parentheses. */
function split(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function labelRule(text: string): Selector {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(text);
  const [, key = '', operator, list = ''] = set ?? [];
  if (set !== null) {
    const values = list.split(',').map((value) => value.trim());
    return (object) => values.includes(labelOf(object, key) ?? '') === (operator === 'in');
  }
  const equality = /^([^!=\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (equality !== null) return isEqual(equality, labelOf);
  return text.startsWith('!')
    ? (object) => labelOf(object, text.slice(1)) === undefined
    : (object) => labelOf(object, text) !== undefined;
}

function labelOf({ metadata }: KubeObject, key: string): string | undefined {
  return metadata.labels?.[key];
}

/** Those that every kind has. */
const FIELDS: readonly string[] = ['metadata.name', 'metadata.namespace'];

function fieldRule(text: string): Selector {
  const equality = /^([^!=\s]+)(==|=|!=)(\S*)$/.exec(text);
  const key = equality?.[1] ?? text;
  if (equality === null || !FIELDS.includes(key)) throw new StatusError(400, `field label not supported: ${key}`);
  return isEqual(equality, ({ metadata }) => (key === 'metadata.name' ? metadata.name : metadata.namespace));
}

function isEqual(
  [, key = '', operator, value]: RegExpExecArray,
  read: (object: KubeObject, key: string) => string | undefined,
): Selector {
  return (object) => (read(object, key) === value) === (operator !== '!=');
}
