import type { components, NewTemplate, Template } from '@eden/client';
import { jsonText, objectOf, type JsonObject } from '../../parts/json.js';
import { TEXTS } from '../../texts.js';
import { isTransaction, operationsOf, type Body, type Http, type TemplateKind } from './template-text.js';

/*
 * A template as it is written: texts, which may be anything at the moment. What a service takes is made of them, or the
 * reason why it cannot be.
 */

const T = TEXTS.template;

/** One statement. */
export interface OperationDraft {
  readonly query: string;
  /** Taken as it is, without placeholders. */
  readonly isPlain: boolean;
  /** `params` and `batch`, as JSON. */
  readonly beside: string;
}

export interface BodyDraft {
  readonly operations: readonly OperationDraft[];
  /** Of an endpoint that is a service, as JSON. */
  readonly request: string;
}

export interface Draft {
  readonly id: string;
  readonly description: string;
  readonly endpoint: string;
  readonly isHttp: boolean;
  readonly kind: TemplateKind;
  readonly body: BodyDraft;
  readonly rollback: BodyDraft;
  /** Defaults, outputs, limits and the like, as JSON. */
  readonly settings: string;
  /** For its parameters, to see it rendered; they are not kept. */
  readonly values: string;
}

export const NO_OPERATION: OperationDraft = { query: '', isPlain: false, beside: '' };
const NO_BODY: BodyDraft = { operations: [NO_OPERATION], request: '' };

export const NEW_DRAFT: Draft = {
  id: '',
  description: '',
  endpoint: '',
  isHttp: false,
  kind: 'Write',
  body: NO_BODY,
  rollback: NO_BODY,
  settings: '',
  values: '',
};

const SETTINGS = [
  'defaults',
  'outputs',
  'expect',
  'batch',
  'timeout_ms',
  'lock_timeout_ms',
  'retries',
  'transactional',
] as const;

export function settingsOf(template: Template): JsonObject {
  return Object.fromEntries(
    SETTINGS.flatMap((name) => (template[name] === undefined ? [] : [[name, template[name]] as const])),
  );
}

export function draftOf(template: Template): Draft {
  const { id, description, template: core, rollback } = template;
  return {
    id,
    description: description ?? '',
    endpoint: core.endpoint_uuid,
    isHttp: core.endpoint_kind === 'Http',
    kind: core.kind,
    body: bodyDraftOf(core.template),
    rollback: rollback === undefined ? NO_BODY : bodyDraftOf(rollback),
    settings: jsonText(settingsOf(template)),
    values: '',
  };
}

function bodyDraftOf(body: Body): BodyDraft {
  if ('method' in body) return { operations: [NO_OPERATION], request: JSON.stringify(body, null, 2) };
  const operations = operationsOf(body).map(({ query, syntax, ...beside }) => ({
    query,
    isPlain: syntax === 'sql',
    beside: jsonText(beside),
  }));
  return { operations, request: '' };
}

/** As the service takes it, without its id and description. @throws Error that says which field is wrong */
export function contentOf(draft: Draft): Omit<NewTemplate, 'id' | 'description'> {
  const rollback = bodyOf(draft, draft.rollback, T.rollback);
  const { endpoint, kind } = draft;
  return {
    template: { endpoint, kind, template: bodyOf(draft, draft.body, T.text) ?? { query: '' } },
    ...(objectOf(draft.settings, T.settings) as Partial<NewTemplate>),
    ...(rollback === null ? {} : { rollback }),
  };
}

/** Of a text that is empty: null. */
function bodyOf({ isHttp, kind }: Draft, { operations, request }: BodyDraft, label: string): Body | null {
  if (isHttp) return request.trim() === '' ? null : (objectOf(request, label) as unknown as Http);
  const written = operations.filter(({ query }) => query.trim() !== '');
  const [first] = written;
  if (first === undefined) return null;
  return isTransaction(kind) ? { operations: written.map(operationOf) } : operationOf(first);
}

function operationOf({ query, isPlain, beside }: OperationDraft): components['schemas']['SqlOperation'] {
  return { ...(isPlain ? { syntax: 'sql' as const } : {}), query, ...objectOf(beside, T.beside) };
}

export function newTemplate(draft: Draft): NewTemplate {
  const { description } = draft;
  return { id: draft.id.trim(), ...(description.trim() === '' ? {} : { description }), ...contentOf(draft) };
}

/** What makes of the template what has been written; null takes away what is not written any more. */
export function changesTo(draft: Draft, before: Template): components['schemas']['TemplateChanges'] {
  const { template, ...settings } = contentOf(draft);
  const gone = [...SETTINGS, 'rollback' as const].filter(
    (name) => before[name] !== undefined && settings[name] === undefined,
  );
  const changes = {
    description: draft.description.trim() === '' ? null : draft.description,
    template: { kind: template.kind, template: template.template },
    ...settings,
    ...Object.fromEntries(gone.map((name) => [name, null])),
  };
  // The generated type allows no batch in a change.
  return changes as components['schemas']['TemplateChanges'];
}
