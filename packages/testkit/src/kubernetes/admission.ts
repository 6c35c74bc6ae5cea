import { isJsonObject, type Json, type JsonObject, type KubeObject } from './objects.js';
import { kindName, type ResourceType } from './resources.js';
import { ruleErrors } from './rules.js';
import { prune, validate, withDefaults } from './schema.js';
import { invalid, StatusError, type FieldError } from './status-error.js';

const OPEN = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/**
 * The object as it is kept: pruned and with its defaults.
 * @param before As it is kept until now; undefined: it is new.
 * @throws StatusError 400, 422
 */
export function admit(type: ResourceType, object: KubeObject, before?: KubeObject): KubeObject {
  if (type.schema === undefined) checkTimes(type, object);
  checkNames(type, object);
  if (type.schema === undefined) return object;
  const { properties = {}, ...rest } = type.schema;
  const schema = { ...rest, properties: { ...properties, apiVersion: OPEN, kind: OPEN, metadata: OPEN } };
  const pruned = withDefaults(prune(object as unknown as Json, schema), schema);
  const wrong = validate(pruned, schema);
  const errors = wrong.length > 0 ? wrong : ruleErrors(pruned, before as unknown as Json | undefined, schema);
  if (errors.length > 0) throw invalid(`${kindName(type)} "${object.metadata.name}"`, errors);
  return pruned as unknown as KubeObject;
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LONGEST_NAME = 253;

function checkNames(type: ResourceType, object: KubeObject): void {
  const errors: FieldError[] = [];
  const { name, generateName } = object.metadata;
  // A dash at the end is one that the generated part stands behind; a dot is none.
  if (generateName !== undefined && !SUBDOMAIN.test(generateName.replace(/-$/, 'a'))) {
    errors.push({ path: 'metadata.generateName', detail: `Invalid value: "${generateName}": ${SUBDOMAIN_RULE}` });
  }
  if (generateName === undefined && (!SUBDOMAIN.test(name) || name.length > LONGEST_NAME)) {
    errors.push({ path: 'metadata.name', detail: `Invalid value: "${name}": ${SUBDOMAIN_RULE}` });
  }
  const more = type.kind === 'Event' ? eventErrors(object) : [];
  if (errors.length + more.length > 0)
    throw invalid(`${kindName({ ...type, group: '' })} "${name}"`, [...more, ...errors]);
}

const LONGEST_NOTE = 1024;

function eventErrors(event: KubeObject): FieldError[] {
  const note = event['note'] ?? event['message'];
  if (typeof note !== 'string' || note.length <= LONGEST_NOTE) return [];
  return [{ path: 'message', detail: `Invalid value: "": can have at most ${LONGEST_NOTE} characters` }];
}

/** Where a time has to have six digits. */
const MICRO_TIMES: Readonly<Record<string, readonly string[]>> = {
  Lease: ['acquireTime', 'renewTime'],
  Event: ['eventTime'],
};
const MICRO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(Z|[+-]\d{2}:\d{2})$/;

function checkTimes({ kind, version }: ResourceType, object: KubeObject): void {
  const holder: JsonObject = isJsonObject(object.spec) ? object.spec : (object as unknown as JsonObject);
  for (const field of MICRO_TIMES[kind] ?? []) {
    const value = holder[field];
    if (typeof value !== 'string' || MICRO_TIME.test(value)) continue;
    const rest = /\.?\d*Z?$/.exec(value)?.[0] ?? '';
    const detail = `parsing time "${value}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${rest}" as ".000000"`;
    throw new StatusError(400, `${kind} in version "${version}" cannot be handled as a ${kind}: ${detail}`);
  }
}
