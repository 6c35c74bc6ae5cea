import type { Endpoint } from '@eden/client';
import { useState } from 'react';
import { useAction } from '../../data/use-action.js';
import { path } from '../../navigation/link.js';
import { useGoOn } from '../../navigation/use-is-here.js';
import { Confirm } from '../../parts/confirm.js';
import { AreaField, SelectField, TextField, textOf } from '../../parts/fields.js';
import { useToast } from '../../parts/toast.js';
import { TEXTS } from '../../texts.js';
import { configOf, ENDPOINT_KINDS, keptOf, SSL_MODES, type EndpointKind } from './endpoint-config.js';

const T = TEXTS.endpoints;
const F = T.form;
const CHANGED = ['endpoints', 'endpoint'] as const;

export function NewEndpoint({ onClose }: { readonly onClose: () => void }) {
  const act = useAction();
  const say = useToast();
  const goOn = useGoOn();
  const [kind, setKind] = useState<EndpointKind>('Postgres');
  const create = async (form: FormData): Promise<void> => {
    const [id, description] = [textOf(form, 'id'), textOf(form, 'description')];
    const body = { id, kind, config: { ...configOf(form, kind) }, ...(description === '' ? {} : { description }) };
    await act((http) => http.POST('/api/v1/endpoints', { body }), CHANGED);
    say(T.create.done(id));
    goOn(path('endpoints', id));
  };
  return (
    <Confirm
      title={T.create.title}
      consequences={T.create.what}
      verb={TEXTS.definition.create}
      onConfirm={create}
      onClose={onClose}
    >
      <TextField label={TEXTS.fields.id} hint={TEXTS.fields.idHint} name="id" required data-first maxLength={128} />
      <SelectField
        label={F.kind}
        value={kind}
        onChange={({ target }) => setKind(target.value as EndpointKind)}
        options={ENDPOINT_KINDS.map((value) => ({ value, says: T.kinds[value] }))}
      />
      <TextField label={TEXTS.fields.description} name="description" maxLength={4000} />
      <ConfigFields kind={kind} config={{}} />
    </Confirm>
  );
}

export function ChangeEndpoint({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  const act = useAction();
  const say = useToast();
  const [isMoved, setMoved] = useState(false);
  const { id, kind, description, config } = endpoint;
  const change = async (form: FormData): Promise<void> => {
    const text = textOf(form, 'description');
    const body = {
      description: text === '' ? null : text,
      ...(isMoved ? { config: { ...keptOf(form, config), ...configOf(form, kind) } } : {}),
    };
    await act(
      (http) => http.PATCH('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint: id } }, body }),
      CHANGED,
    );
    say(TEXTS.definition.changed(id));
  };
  return (
    <Confirm
      title={TEXTS.definition.changeTitle(id)}
      consequences={isMoved ? F.moveWhat : F.changeWhat}
      verb={TEXTS.definition.save}
      onConfirm={change}
      onClose={onClose}
    >
      <TextField
        label={TEXTS.fields.description}
        name="description"
        data-first
        maxLength={4000}
        defaultValue={description ?? ''}
      />
      <label className="check">
        <input type="checkbox" checked={isMoved} onChange={({ target }) => setMoved(target.checked)} /> {F.move}
      </label>
      {isMoved && <ConfigFields kind={kind} config={config} />}
    </Confirm>
  );
}

interface ConfigFieldsProps {
  readonly kind: EndpointKind;
  /** As it is shown: without what is secret. */
  readonly config: Endpoint['config'];
}

function ConfigFields({ kind, config }: ConfigFieldsProps) {
  return kind === 'Http' ? <HttpFields config={config} /> : <DatabaseFields kind={kind} config={config} />;
}

function HttpFields({ config }: Pick<ConfigFieldsProps, 'config'>) {
  return (
    <>
      <TextField
        label={F.baseUrl}
        name="base_url"
        type="url"
        required
        placeholder="https://flags.example.com/api/v2"
        defaultValue={shown(config, 'base_url')}
      />
      <AreaField
        label={F.headers}
        hint={F.headersHint}
        name="headers"
        rows={3}
        placeholder="Authorization: env:FLAGS"
      />
      <TextField
        label={F.timeout}
        name="timeout_ms"
        type="number"
        min={1}
        placeholder="10000"
        defaultValue={shown(config, 'timeout_ms')}
      />
    </>
  );
}

function DatabaseFields({ kind, config }: ConfigFieldsProps) {
  const [way, setWay] = useState('host' in config ? 'fields' : 'url');
  return (
    <>
      <fieldset className="field choices choices-row">
        <legend>{F.way}</legend>
        {(['url', 'fields'] as const).map((value) => (
          <label key={value}>
            <input type="radio" name="way" value={value} checked={way === value} onChange={() => setWay(value)} />{' '}
            {F.ways[value]}
          </label>
        ))}
      </fieldset>
      {way === 'url' ? <UrlField kind={kind} /> : <PlaceFields kind={kind} config={config} />}
      <TextField
        label={F.pool}
        hint={F.poolHint}
        name="pool_size"
        type="number"
        min={1}
        placeholder="10"
        defaultValue={shown(config, 'pool_size')}
      />
    </>
  );
}

function UrlField({ kind }: Pick<ConfigFieldsProps, 'kind'>) {
  const [scheme, port] = kind === 'MySQL' ? ['mariadb', 3306] : ['postgresql', 5432];
  return (
    <TextField
      label={F.url}
      hint={F.secretHint}
      name="url"
      required
      placeholder={`${scheme}://user:password@host:${port}/database`}
    />
  );
}

function PlaceFields({ kind, config }: ConfigFieldsProps) {
  return (
    <>
      <div className="field-pair">
        <TextField label={F.host} name="host" required defaultValue={shown(config, 'host')} />
        <TextField
          label={F.port}
          name="port"
          type="number"
          min={1}
          max={65_535}
          placeholder={kind === 'MySQL' ? '3306' : '5432'}
          defaultValue={shown(config, 'port')}
        />
      </div>
      <TextField label={F.database} name="database" required defaultValue={shown(config, 'database')} />
      <TextField label={F.username} name="username" required defaultValue={shown(config, 'username')} />
      <TextField label={F.password} hint={F.secretHint} name="password" type="password" autoComplete="new-password" />
      <SelectField
        label={F.ssl}
        name="ssl_mode"
        defaultValue={shown(config, 'ssl_mode') ?? 'disable'}
        options={SSL_MODES.map((value) => ({ value, says: value }))}
      />
    </>
  );
}

function shown(config: Endpoint['config'], name: string): string | undefined {
  const value = config[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
