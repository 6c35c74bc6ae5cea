import { answerOf, type components, type Connection, type Hook } from '@eden/client';
import { path } from '../../navigation/link.js';
import { Checks, SelectField, TextField, textOf, textsOf, wordsOf } from '../../parts/fields.js';
import { SecretButton, type IssuedSecret } from '../../parts/secret-button.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.hooks;
const ACTIONS = ['sync', 'migrate', 'sync_and_migrate'] as const;
const HOUR_SECONDS = 3_600;
const OVERLAP_HOURS = [0, 1, 24, 168] as const;
const CHANGED = ['hooks', 'hook'] as const;

/** Makes a hook, and shows its secret this once. */
export function NewHookButton() {
  const create = async (http: Connection, form: FormData): Promise<IssuedSecret> => {
    const body = bodyOf(form);
    const { data } = await answerOf(http.POST('/api/v1/iam/hooks', { body }));
    const { id, secret } = data;
    return { title: T.secretOf(id), secret, to: path('hooks', id) };
  };
  return (
    <SecretButton
      button={T.create.verb}
      isPrimary
      title={T.create.title}
      consequences={T.create.what}
      verb={TEXTS.definition.create}
      label={T.secret}
      issue={create}
      changes={CHANGED}
    >
      <NewHookFields />
    </SecretButton>
  );
}

function bodyOf(form: FormData): components['schemas']['NewHook'] {
  const [migrations, actions] = [wordsOf(form, 'migrations'), textsOf(form, 'actions')];
  return {
    id: textOf(form, 'id'),
    ...(migrations.length === 0 ? {} : { migrations }),
    ...(actions.length === 0 ? {} : { actions: actions as NonNullable<Hook['actions']> }),
  };
}

function NewHookFields() {
  return (
    <>
      <TextField label={TEXTS.fields.id} hint={TEXTS.fields.idHint} name="id" required data-first maxLength={128} />
      <TextField label={T.columns.migrations} hint={T.migrationsHint} name="migrations" />
      <Checks
        legend={T.actionsLegend}
        name="actions"
        options={ACTIONS.map((value) => ({ value, says: T.actions[value] }))}
      />
    </>
  );
}

/** A new secret, beside which the old one is good for a while. */
export function RotateHookButton({ hook: { id } }: { readonly hook: Hook }) {
  const rotate = async (http: Connection, form: FormData): Promise<IssuedSecret> => {
    const params = { path: { hook: id } };
    const body = { overlap_seconds: Number(textOf(form, 'hours')) * HOUR_SECONDS };
    const { data } = await answerOf(http.POST('/api/v1/iam/hooks/{hook}/rotate', { params, body }));
    return { title: T.secretOf(id), secret: data.secret };
  };
  return (
    <SecretButton
      button={T.rotate.verb}
      title={T.rotate.title(id)}
      consequences={T.rotate.what}
      verb={T.rotate.verb}
      label={T.secret}
      issue={rotate}
      changes={CHANGED}
    >
      <SelectField
        label={T.rotate.overlap}
        name="hours"
        defaultValue="24"
        options={OVERLAP_HOURS.map((hours) => ({ value: String(hours), says: T.rotate.hours(hours) }))}
      />
    </SecretButton>
  );
}
