import type { WebhookEvent, WebhookFormat } from '@eden/domain';

/** What is sent, byte for byte: the signature is over it. */
export function payloadOf(event: WebhookEvent, format: WebhookFormat): string {
  return JSON.stringify(FORMATS[format](event));
}

/** Each format is one function of the event. */
const FORMATS: Readonly<Record<WebhookFormat, (event: WebhookEvent) => object>> = {
  json: ({ id, type, at, data }) => ({ id, type, at: at.toISOString(), data }),
  slack: (event) => ({ text: sentenceOf(event) }),
};

const MARKS: Readonly<Record<string, string>> = {
  'run.succeeded': ':white_check_mark:',
  'run.failed': ':x:',
  'run.in_doubt': ':rotating_light:',
  'run.blocked': ':hourglass:',
  'approval.wanted': ':ballot_box_with_check:',
};

function sentenceOf({ type, data }: WebhookEvent): string {
  if (data['migration'] === undefined) return 'This is a test of Eden Migrations.';
  const { error } = (data['error'] as { readonly error?: string } | undefined) ?? {};
  const mark = MARKS[type] === undefined ? '' : `${MARKS[type]} `;
  const why = error === undefined ? '' : `: ${escape(error)}`;
  const run = `${escape(String(data['kind']))} of *${escape(String(data['migration']))}*`;
  return `${mark}${run} ${WORDS[type] ?? type}${why} (run ${escape(String(data['run']))})`;
}

const WORDS: Readonly<Record<string, string>> = {
  'run.queued': 'is queued',
  'run.started': 'has started',
  'run.succeeded': 'has succeeded',
  'run.failed': 'has failed, and nothing has changed',
  'run.cancelled': 'was cancelled',
  'run.in_doubt': 'is in doubt: somebody has to look at it',
  'run.blocked': 'waits for a lock of somebody else',
  'approval.wanted': 'is done: its plan waits for approval',
};

/** As Slack wants it: nothing that a database says becomes a link or a mention. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
