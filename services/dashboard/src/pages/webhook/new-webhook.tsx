import { answerOf, type components, type Connection, type Webhook } from '@eden/client';
import { path } from '../../navigation/link.js';
import { Checks, SelectField, TextField, textOf, textsOf } from '../../parts/fields.js';
import { SecretButton, type IssuedSecret } from '../../parts/secret-button.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.webhooks;
const EVENTS = [
  'run.queued',
  'run.started',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'run.in_doubt',
  'run.blocked',
  'approval.wanted',
] as const;
/** What somebody has to look at. */
const USUAL = ['run.failed', 'run.in_doubt'];

/** Makes a webhook, and shows the secret that it signs with this once. */
export function NewWebhookButton() {
  const create = async (http: Connection, form: FormData): Promise<IssuedSecret> => {
    const body = bodyOf(form);
    const { data } = await answerOf(http.POST('/api/v1/iam/webhooks', { body }));
    const { uuid, secret } = data;
    return { title: T.secretTitle, secret, to: path('webhooks', uuid) };
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
      changes={['webhooks']}
    >
      <NewWebhookFields />
    </SecretButton>
  );
}

/** @throws Error when it is to be told of nothing */
function bodyOf(form: FormData): components['schemas']['NewWebhook'] {
  const events = textsOf(form, 'events') as Webhook['events'];
  if (events.length === 0) throw new Error(T.noEvents);
  return { url: textOf(form, 'url'), format: textOf(form, 'format') as Webhook['format'], events };
}

function NewWebhookFields() {
  return (
    <>
      <TextField
        label={T.address}
        hint={T.addressHint}
        name="url"
        data-first
        type="url"
        required
        maxLength={2000}
        placeholder="https://hooks.slack.com/services/…"
      />
      <SelectField
        label={T.columns.format}
        name="format"
        options={(['json', 'slack'] as const).map((value) => ({ value, says: T.formats[value] }))}
      />
      <Checks
        legend={T.columns.events}
        name="events"
        options={EVENTS.map((value) => ({ value, says: T.events[value] }))}
        checked={USUAL}
      />
    </>
  );
}
