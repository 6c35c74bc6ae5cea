import type { User } from '@eden/client';
import { useAction } from '../../data/use-action.js';
import { path } from '../../navigation/link.js';
import { useGoOn } from '../../navigation/use-is-here.js';
import { Confirm } from '../../parts/confirm.js';
import { SelectField, TextField, textOf } from '../../parts/fields.js';
import { useToast } from '../../parts/toast.js';
import { useCaller } from '../../session/use-session.js';
import { TEXTS } from '../../texts.js';
import { givenBy, type Level } from './levels.js';

const T = TEXTS.users;
const CHANGED = ['users', 'user'] as const;
const SHORTEST_PASSWORD = 8;

export function NewUser({ onClose }: { readonly onClose: () => void }) {
  const act = useAction();
  const say = useToast();
  const goOn = useGoOn();
  const create = async (form: FormData): Promise<void> => {
    const [username, description] = [textOf(form, 'username'), textOf(form, 'description')];
    const body = {
      username,
      password: String(form.get('password')),
      access_level: textOf(form, 'level') as Level,
      ...(description === '' ? {} : { description }),
    };
    await act((http) => http.POST('/api/v1/iam/users', { body }), CHANGED);
    say(T.create.done(username));
    goOn(path('users', username));
  };
  return (
    <Confirm
      title={T.create.title}
      consequences={T.create.what}
      verb={TEXTS.definition.create}
      onConfirm={create}
      onClose={onClose}
    >
      <TextField label={T.columns.name} hint={T.nameHint} name="username" required data-first maxLength={128} />
      <PasswordField label={T.password} required />
      <LevelField />
      <TextField label={TEXTS.fields.description} name="description" maxLength={4000} />
    </Confirm>
  );
}

export function ChangeUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const act = useAction();
  const say = useToast();
  const { username } = user;
  const change = async (form: FormData): Promise<void> => {
    const [description, password] = [textOf(form, 'description'), String(form.get('password'))];
    const body = {
      description: description === '' ? null : description,
      access_level: textOf(form, 'level') as Level,
      ...(password === '' ? {} : { password }),
    };
    const params = { path: { user: username } };
    await act((http) => http.PATCH('/api/v1/iam/users/{user}', { params, body }), CHANGED);
    say(TEXTS.definition.changed(username));
  };
  return (
    <Confirm
      title={TEXTS.definition.changeTitle(username)}
      consequences={T.changeWhat}
      verb={TEXTS.definition.save}
      onConfirm={change}
      onClose={onClose}
    >
      <LevelField level={user.access_level} />
      <TextField
        label={TEXTS.fields.description}
        name="description"
        maxLength={4000}
        defaultValue={user.description ?? ''}
      />
      <PasswordField label={T.newPassword} hint={T.newPasswordHint} />
    </Confirm>
  );
}

interface PasswordFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
}

function PasswordField(props: PasswordFieldProps) {
  return (
    <TextField
      {...props}
      name="password"
      type="password"
      autoComplete="new-password"
      minLength={SHORTEST_PASSWORD}
      maxLength={1024}
    />
  );
}

export function LevelField({ level = 'Read' }: { readonly level?: Level }) {
  const given = givenBy(useCaller());
  // Their own, of somebody who may not give it.
  const levels = given.includes(level) ? given : [...given, level];
  return (
    <SelectField
      label={T.columns.level}
      name="level"
      defaultValue={level}
      options={levels.map((value) => ({ value, says: T.levels[value] }))}
    />
  );
}
