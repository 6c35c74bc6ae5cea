import type { Template } from '@eden/client';
import { useTemplates } from '../../data/definitions.js';
import { itemsOf } from '../../data/use-resource.js';
import type { MistakeAt } from '../../parts/draft-form.js';
import { EditedRows } from '../../parts/edited-rows.js';
import { AreaField, SelectField, TextField } from '../../parts/fields.js';
import type { Option } from '../../parts/filters.js';
import { TEXTS } from '../../texts.js';
import { placeholdersOf } from '../template/template-text.js';
import {
  FIELD_TYPES,
  NEW_BINDING,
  NEW_FIELD,
  usualValues,
  type ApiDraft,
  type BindingDraft,
  type FieldDraft,
} from './api-draft.js';

const T = TEXTS.api;
const TYPE_OPTIONS = FIELD_TYPES.map((value) => ({ value, says: T.types[value] }));

interface ApiFieldsProps {
  readonly draft: ApiDraft;
  readonly isNew: boolean;
  readonly onChange: (changes: Partial<ApiDraft>) => void;
  readonly mistakeAt: MistakeAt;
}

export function ApiFields({ draft, isNew, onChange, mistakeAt }: ApiFieldsProps) {
  const templates = itemsOf(useTemplates());
  return (
    <>
      <NameFields {...{ draft, isNew, onChange, mistakeAt }} />
      <EditedRows
        legend={T.fields}
        rows={draft.fields}
        blank={NEW_FIELD}
        addVerb={T.addField}
        onChange={(fields) => onChange({ fields })}
      >
        {(field, index, change) => <FieldFields {...{ field, index, change, mistakeAt }} />}
      </EditedRows>
      <EditedRows
        legend={T.bindings}
        rows={draft.bindings}
        blank={NEW_BINDING}
        addVerb={T.addBinding}
        isOrdered
        onChange={(bindings) => onChange({ bindings })}
      >
        {(binding, index, change) => <BindingFields {...{ binding, index, change, mistakeAt, templates }} />}
      </EditedRows>
    </>
  );
}

function NameFields({ draft, isNew, onChange, mistakeAt }: ApiFieldsProps) {
  return (
    <>
      {isNew && (
        <TextField
          label={TEXTS.fields.id}
          hint={TEXTS.fields.idHint}
          mistake={mistakeAt('id')}
          value={draft.id}
          required
          maxLength={128}
          onChange={({ target }) => onChange({ id: target.value })}
        />
      )}
      <TextField
        label={TEXTS.fields.description}
        mistake={mistakeAt('description')}
        value={draft.description}
        maxLength={4000}
        onChange={({ target }) => onChange({ description: target.value })}
      />
    </>
  );
}

interface RowProps<Row> {
  readonly index: number;
  readonly change: (changes: Partial<Row>) => void;
  readonly mistakeAt: MistakeAt;
}

function FieldFields({ field, index, change, mistakeAt }: RowProps<FieldDraft> & { readonly field: FieldDraft }) {
  const at = `fields[${index}]`;
  return (
    <>
      <div className="field-pair">
        <TextField
          label={T.fieldName}
          hint={T.fieldNameHint}
          mistake={mistakeAt(`${at}.name`)}
          value={field.name}
          required
          maxLength={256}
          onChange={({ target }) => change({ name: target.value })}
        />
        <SelectField
          label={T.fieldType}
          mistake={mistakeAt(`${at}.type`)}
          value={field.type}
          options={TYPE_OPTIONS}
          onChange={({ target }) => change({ type: target.value as FieldDraft['type'] })}
        />
      </div>
      <TextField
        label={TEXTS.fields.description}
        mistake={mistakeAt(`${at}.description`)}
        value={field.description}
        maxLength={4000}
        onChange={({ target }) => change({ description: target.value })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={field.isRequired}
          onChange={({ target }) => change({ isRequired: target.checked })}
        />{' '}
        {T.fieldRequired}
      </label>
    </>
  );
}

interface BindingFieldsProps extends RowProps<BindingDraft> {
  readonly binding: BindingDraft;
  readonly templates: readonly Template[];
}

function BindingFields({ binding, index, change, mistakeAt, templates }: BindingFieldsProps) {
  const at = `bindings[${index}]`;
  const parameters = parametersOf(templates, binding.template);
  const choose = (template: string): void => {
    const isWritten = binding.values.trim() !== '';
    change({ template, ...(isWritten ? {} : { values: usualValues(parametersOf(templates, template)) }) });
  };
  return (
    <>
      <SelectField
        label={T.template}
        mistake={mistakeAt(`${at}.template`)}
        value={binding.template}
        required
        options={optionsOf(templates, binding.template)}
        onChange={({ target }) => choose(target.value)}
      />
      <AreaField
        label={T.values}
        hint={T.valuesHint(parameters)}
        mistake={mistakeAt(`${at}.fields`)}
        rows={Math.min(12, Math.max(3, binding.values.split('\n').length + 1))}
        value={binding.values}
        placeholder={'{ "name": "customer.name", "limit": { "literal": 10 } }'}
        onChange={({ target }) => change({ values: target.value })}
      />
    </>
  );
}

/** One that is bound and that the reader may not see is kept. */
function optionsOf(templates: readonly Template[], bound: string): readonly Option[] {
  const known = templates.map(({ uuid, id }) => ({ value: uuid, says: id }));
  const isHidden = bound !== '' && templates.every(({ uuid }) => uuid !== bound);
  return [{ value: '', says: T.chooseTemplate }, ...known, ...(isHidden ? [{ value: bound, says: bound }] : [])];
}

/** Those without a default. */
function parametersOf(templates: readonly Template[], uuid: string): readonly string[] {
  const chosen = templates.find((template) => template.uuid === uuid);
  if (chosen === undefined) return [];
  return placeholdersOf(chosen.template.template).filter((name) => chosen.defaults?.[name] === undefined);
}
