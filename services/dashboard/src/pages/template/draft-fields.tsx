import { useEndpoints } from '../../data/definitions.js';
import { itemsOf } from '../../data/use-resource.js';
import { Disclosure } from '../../parts/disclosure.js';
import { AreaField, SelectField, TextField } from '../../parts/fields.js';
import { TEXTS } from '../../texts.js';
import { NO_OPERATION, type BodyDraft, type Draft, type OperationDraft } from './template-draft.js';
import { isTransaction, TEMPLATE_KINDS, type TemplateKind } from './template-text.js';

const T = TEXTS.template;

interface DraftFieldsProps {
  readonly draft: Draft;
  readonly isNew: boolean;
  readonly onChange: (changes: Partial<Draft>) => void;
}

export function DraftFields({ draft, isNew, onChange }: DraftFieldsProps) {
  const several = isTransaction(draft.kind);
  return (
    <>
      {isNew && <NameFields {...{ draft, onChange }} />}
      <TextField
        label={TEXTS.fields.description}
        value={draft.description}
        maxLength={4000}
        onChange={({ target }) => onChange({ description: target.value })}
      />
      <SelectField
        label={T.kind}
        hint={T.kindHints[draft.kind]}
        value={draft.kind}
        onChange={({ target }) => onChange({ kind: target.value as TemplateKind })}
        options={TEMPLATE_KINDS.map((value) => ({ value, says: TEXTS.templates.kinds[value] }))}
      />
      <BodyFields
        {...{ draft, several }}
        label={T.text}
        body={draft.body}
        onChange={(body) => onChange({ body })}
        isRequired
      />
      <BodyFields
        {...{ draft, several }}
        label={T.rollback}
        hint={T.rollbackHint}
        body={draft.rollback}
        onChange={(rollback) => onChange({ rollback })}
      />
      <SettingsFields {...{ draft, onChange }} />
    </>
  );
}

function SettingsFields({ draft, onChange }: Pick<DraftFieldsProps, 'draft' | 'onChange'>) {
  return (
    <>
      <AreaField
        label={T.settings}
        hint={T.settingsHint}
        rows={Math.max(4, draft.settings.split('\n').length + 1)}
        value={draft.settings}
        placeholder={'{ "defaults": { "batch_size": 1000 } }'}
        onChange={({ target }) => onChange({ settings: target.value })}
      />
      <AreaField
        label={T.values}
        hint={T.valuesHint}
        rows={3}
        value={draft.values}
        placeholder={'{ "table": "customers" }'}
        onChange={({ target }) => onChange({ values: target.value })}
      />
    </>
  );
}

function NameFields({ draft, onChange }: Pick<DraftFieldsProps, 'draft' | 'onChange'>) {
  const endpoints = itemsOf(useEndpoints());
  const choose = (uuid: string): void => {
    const chosen = endpoints.find((endpoint) => endpoint.uuid === uuid);
    onChange({ endpoint: uuid, isHttp: chosen?.kind === 'Http' });
  };
  return (
    <>
      <TextField
        label={TEXTS.fields.id}
        hint={TEXTS.fields.idHint}
        value={draft.id}
        required
        maxLength={128}
        onChange={({ target }) => onChange({ id: target.value })}
      />
      <SelectField
        label={T.endpoint}
        required
        value={draft.endpoint}
        onChange={({ target }) => choose(target.value)}
        options={[
          { value: '', says: T.chooseEndpoint },
          ...endpoints.map(({ id, uuid }) => ({ value: uuid, says: id })),
        ]}
      />
    </>
  );
}

interface BodyFieldsProps {
  readonly draft: Draft;
  readonly several: boolean;
  readonly label: string;
  readonly hint?: string;
  readonly body: BodyDraft;
  readonly isRequired?: boolean;
  readonly onChange: (body: BodyDraft) => void;
}

function BodyFields({ draft, several, label, hint, body, isRequired = false, onChange }: BodyFieldsProps) {
  if (draft.isHttp) return <RequestField {...{ label, hint, body, isRequired, onChange }} />;
  const shown = several ? body.operations : body.operations.slice(0, 1);
  const replace = (index: number, operation: OperationDraft): void =>
    onChange({ ...body, operations: body.operations.map((old, at) => (at === index ? operation : old)) });
  return (
    <>
      {shown.map((operation, index) => (
        <OperationFields
          key={index}
          label={several ? `${label}, ${T.operation(index + 1)}` : label}
          hint={index === 0 ? hint : undefined}
          operation={operation}
          isRequired={isRequired && index === 0}
          onChange={(changed) => replace(index, changed)}
        />
      ))}
      {several && (
        <button
          type="button"
          className="button editor-add"
          onClick={() => onChange({ ...body, operations: [...body.operations, NO_OPERATION] })}
        >
          {T.addOperation(label)}
        </button>
      )}
    </>
  );
}

type RequestFieldProps = Pick<BodyFieldsProps, 'label' | 'body' | 'onChange'> & {
  readonly hint: string | undefined;
  readonly isRequired: boolean;
};

function RequestField({ label, hint, body, isRequired, onChange }: RequestFieldProps) {
  return (
    <AreaField
      label={label}
      hint={hint ?? T.requestHint}
      rows={6}
      required={isRequired}
      value={body.request}
      placeholder={'{ "method": "POST", "path": "/flags/{{flag}}", "body": { "on": true } }'}
      onChange={({ target }) => onChange({ ...body, request: target.value })}
    />
  );
}

interface OperationFieldsProps {
  readonly label: string;
  readonly hint: string | undefined;
  readonly operation: OperationDraft;
  readonly isRequired: boolean;
  readonly onChange: (operation: OperationDraft) => void;
}

function OperationFields({ label, hint, operation, isRequired, onChange }: OperationFieldsProps) {
  const lines = operation.query.split('\n').length;
  return (
    <div className="editor-operation">
      <AreaField
        label={label}
        hint={hint}
        rows={Math.min(24, Math.max(isRequired ? 8 : 3, lines + 1))}
        required={isRequired}
        value={operation.query}
        onChange={({ target }) => onChange({ ...operation, query: target.value })}
      />
      <Disclosure title={<span className="hint">{T.besideOf(label)}</span>}>
        <label className="check">
          <input
            type="checkbox"
            checked={operation.isPlain}
            onChange={({ target }) => onChange({ ...operation, isPlain: target.checked })}
          />{' '}
          {T.plain}
        </label>
        <AreaField
          label={T.beside}
          hint={T.besideHint}
          rows={2}
          value={operation.beside}
          placeholder={'{ "params": ["{{id}}"] }'}
          onChange={({ target }) => onChange({ ...operation, beside: target.value })}
        />
      </Disclosure>
    </div>
  );
}
