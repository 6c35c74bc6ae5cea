import { answerOf, type components, type Connection, type Robot } from '@eden/client';
import { path } from '../../navigation/link.js';
import { Checks, SelectField, TextField, textOf, textsOf } from '../../parts/fields.js';
import { SecretButton, type IssuedSecret } from '../../parts/secret-button.js';
import { TEXTS } from '../../texts.js';
import type { Level } from '../user/levels.js';
import { LevelField } from '../user/user-forms.js';

const T = TEXTS.robots;
const SCOPES = ['read', 'execute', 'migrate', 'approve', 'gate'] as const;
/** What the service gives where nobody says. */
const USUAL = ['read', 'execute', 'migrate', 'approve'];
const DAY_SECONDS = 86_400;
const DAYS = [30, 90, 365] as const;
const CHANGED = ['robots', 'robot'] as const;

/** Makes a robot, and shows its key this once. */
export function NewRobotButton() {
  const create = async (http: Connection, form: FormData): Promise<IssuedSecret> => {
    const body = bodyOf(form);
    const { data } = await answerOf(http.POST('/api/v1/iam/robots', { body }));
    const { username, api_key: secret } = data;
    return { title: T.keyOf(username), secret, to: path('robots', username) };
  };
  return (
    <SecretButton
      button={T.create.verb}
      isPrimary
      title={T.create.title}
      consequences={T.create.what}
      verb={TEXTS.definition.create}
      label={T.key}
      issue={create}
      changes={CHANGED}
    >
      <NewRobotFields />
    </SecretButton>
  );
}

function bodyOf(form: FormData): components['schemas']['NewRobot'] {
  const description = textOf(form, 'description');
  return {
    username: textOf(form, 'username'),
    access_level: textOf(form, 'level') as Level,
    scopes: textsOf(form, 'scopes') as Robot['scopes'],
    ...(description === '' ? {} : { description }),
    ...expiryOf(form),
  };
}

function NewRobotFields() {
  return (
    <>
      <TextField
        label={T.columns.name}
        hint={TEXTS.users.nameHint}
        name="username"
        required
        data-first
        maxLength={128}
      />
      <LevelField />
      <Checks
        legend={T.columns.scopes}
        name="scopes"
        options={SCOPES.map((value) => ({ value, says: T.scopes[value] }))}
        checked={USUAL}
      />
      <ExpiryField forEver={T.forEver} />
      <TextField label={TEXTS.fields.description} name="description" maxLength={4000} />
    </>
  );
}

/** A new key in place of the old one, which ends at once. */
export function RotateKeyButton({ robot: { username } }: { readonly robot: Robot }) {
  const rotate = async (http: Connection, form: FormData): Promise<IssuedSecret> => {
    const params = { path: { robot: username } };
    const body = expiryOf(form);
    const { data } = await answerOf(http.POST('/api/v1/iam/robots/{robot}/rotate-key', { params, body }));
    return { title: T.keyOf(username), secret: data.api_key };
  };
  return (
    <SecretButton
      button={T.rotate.verb}
      title={T.rotate.title(username)}
      consequences={T.rotate.what}
      verb={T.rotate.verb}
      isDangerous
      label={T.key}
      issue={rotate}
      changes={CHANGED}
    >
      <ExpiryField forEver={T.asBefore} />
    </SecretButton>
  );
}

function ExpiryField({ forEver }: { readonly forEver: string }) {
  return (
    <SelectField
      label={T.columns.end}
      name="days"
      defaultValue=""
      options={[{ value: '', says: forEver }, ...DAYS.map((days) => ({ value: String(days), says: T.days(days) }))]}
    />
  );
}

function expiryOf(form: FormData): { expires_in?: number } {
  const days = textOf(form, 'days');
  return days === '' ? {} : { expires_in: Number(days) * DAY_SECONDS };
}
