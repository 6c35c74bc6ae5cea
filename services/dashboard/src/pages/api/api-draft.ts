import type { Api, components } from '@eden/client';
import { jsonText, objectOf } from '../../parts/json.js';
import { TEXTS } from '../../texts.js';

/* An API as it is written: texts, which may be anything at the moment. */

const T = TEXTS.api;

export const FIELD_TYPES = ['String', 'Number', 'Boolean', 'Object', 'Array'] as const;
type Field = Api['fields'][number];

export interface FieldDraft {
  readonly name: string;
  readonly type: Field['type'];
  readonly isRequired: boolean;
  readonly description: string;
}

export interface BindingDraft {
  /** Its uuid; empty: none is chosen yet. */
  readonly template: string;
  /** What its parameters get, as JSON. */
  readonly values: string;
}

export interface ApiDraft {
  readonly id: string;
  readonly description: string;
  readonly fields: readonly FieldDraft[];
  readonly bindings: readonly BindingDraft[];
}

export const NEW_FIELD: FieldDraft = { name: '', type: 'String', isRequired: true, description: '' };
export const NEW_BINDING: BindingDraft = { template: '', values: '' };
export const NEW_API: ApiDraft = { id: '', description: '', fields: [], bindings: [] };

export function draftOf({ id, description, fields, bindings }: Api): ApiDraft {
  return {
    id,
    description: description ?? '',
    fields: fields.map(({ name, type, required, description: says = '' }) => ({
      ...{ name, type, isRequired: required, description: says },
    })),
    bindings: bindings.map(({ template, fields: values }) => ({ template, values: jsonText(values) })),
  };
}

/** As the service takes it, without its id and description. @throws Error that says which binding is no JSON */
export function definitionOf({
  fields,
  bindings,
}: ApiDraft): Pick<components['schemas']['NewApi'], 'fields' | 'bindings'> {
  return {
    fields: fields.map(({ name, type, isRequired, description }) => {
      const says = description.trim();
      return { name: name.trim(), type, required: isRequired, ...(says === '' ? {} : { description: says }) };
    }),
    bindings: bindings.map(({ template, values }, index) => ({
      template,
      fields: { ...objectOf(values, T.valuesOf(index + 1)) },
    })),
  };
}

export function newApi(draft: ApiDraft): components['schemas']['NewApi'] {
  const description = draft.description.trim();
  return { id: draft.id.trim(), ...(description === '' ? {} : { description }), ...definitionOf(draft) };
}

export function changesTo(draft: ApiDraft): components['schemas']['ApiChanges'] {
  const description = draft.description.trim();
  return { description: description === '' ? null : description, ...definitionOf(draft) };
}

/** What most bindings say: each parameter gets the field of its name. */
export function usualValues(parameters: readonly string[]): string {
  return jsonText(Object.fromEntries(parameters.map((name) => [name, name])));
}
