import type { Action } from './actions.js';
import { addressOf, changedSettings, describeAddress } from './address.js';
import type { EndpointEntry, TemplateEntry } from './entries.js';
import { isSameJson } from './equality.js';
import type { Actual, Desired } from './state.js';

/** Settings that do not say where an endpoint leads. */
const NO_ADDRESS: readonly string[] = ['pool_size', 'timeout_ms', 'ssl_mode'];

/** What endpoints, templates and APIs need to be as the file says. Nothing is deleted: others may use it. */
export function decideDefinitions(desired: Desired, actual: Actual): Action[] {
  return [
    ...desired.endpoints.flatMap((endpoint) => decideEndpoint(endpoint, actual)),
    ...desired.templates.flatMap((template) => decideTemplate(template, actual)),
    ...desired.apis.filter(({ id }) => !actual.apis.has(id)).map(({ id }): Action => ({ do: 'create api', id })),
  ];
}

function decideEndpoint(endpoint: EndpointEntry, { endpoints }: Actual): Action[] {
  const known = endpoints.get(endpoint.id);
  if (known === undefined) return [{ do: 'create endpoint', endpoint }];
  const changed = changedSettings(endpoint.config, known.config);
  const isRenamed = endpoint.description !== undefined && endpoint.description !== known.description;
  if (changed.length === 0 && !isRenamed) return [];
  const isElsewhere = changed.some((name) => !NO_ADDRESS.includes(name));
  const address = { from: describeAddress(known.config), to: describeAddress(addressOf(endpoint.config)) };
  return [
    {
      do: 'update endpoint',
      endpoint,
      changed: [...changed, ...(isRenamed ? ['description'] : [])],
      address: isElsewhere ? address : null,
    },
  ];
}

function decideTemplate(template: TemplateEntry, actual: Actual): Action[] {
  const known = actual.templates.get(template.id);
  if (known === undefined) return [{ do: 'create template', template }];
  const changed = changedKeys(template, comparable(known, actual));
  return changed.length === 0 ? [] : [{ do: 'update template', template, changed }];
}

/** A template of the service as the file would write it. */
function comparable(known: object, { endpoints }: Actual): Record<string, unknown> {
  const { template, ...settings } = known as { template: Record<string, unknown> };
  const { endpoint_uuid: uuid, ...rest } = template;
  const endpoint = [...endpoints.values()].find((each) => each.uuid === uuid);
  return { ...settings, template: { ...rest, endpoint: endpoint?.id, endpoint_uuid: uuid } };
}

/** Keys that the file has and the service has otherwise, or that the file had and has no more. */
function changedKeys(desired: TemplateEntry, known: Record<string, unknown>): string[] {
  const { template, ...settings } = desired;
  const inner = known['template'] as Record<string, unknown>;
  const within = Object.entries(template).filter(([key, value]) => !isSameJson(value, inner[key]));
  const gone = TEMPLATE_SETTINGS.filter((key) => known[key] !== undefined && !(key in settings));
  const other = Object.entries(settings).filter(([key, value]) => !isSameJson(value, known[key]));
  return [...(within.length === 0 ? [] : ['template']), ...other.map(([key]) => key), ...gone];
}

/** What a template may have beside its text; absent in the file means that it is to have none. */
export const TEMPLATE_SETTINGS = [
  'defaults',
  'rollback',
  'outputs',
  'expect',
  'batch',
  'timeout_ms',
  'lock_timeout_ms',
  'retries',
  'transactional',
] as const;
