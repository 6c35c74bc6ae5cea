import { isHttpOperation, isSafeMethod, operationsOf } from '@eden/domain';
import type { Issue, TemplateBody, TemplateDefinition, TemplateSettings } from '@eden/domain';

/** Whether a template is written as those of its kind of endpoint are. */
export function checkKind(definition: TemplateDefinition): readonly Issue[] {
  return definition.endpointKind === 'Http' ? checkRequests(definition) : checkQueries(definition);
}

function bodiesOf({ body, settings: { rollback } }: TemplateDefinition): readonly (readonly [string, TemplateBody])[] {
  return [['template.template', body] as const, ...(rollback === undefined ? [] : [['rollback', rollback] as const])];
}

function checkQueries(definition: TemplateDefinition): readonly Issue[] {
  return bodiesOf(definition)
    .filter(([, body]) => operationsOf(body).some(isHttpOperation))
    .map(([path]) => ({
      path,
      message: `A template of ${definition.endpointKind} is written as {"query":"…"}; requests belong to endpoints of the kind Http`,
    }));
}

/** What only means something in a transaction. */
const OF_TRANSACTIONS = [
  'batch',
  'lock_timeout_ms',
  'transactional',
] as const satisfies readonly (keyof TemplateSettings)[];

function checkRequests(definition: TemplateDefinition): readonly Issue[] {
  const { kind, body, settings } = definition;
  if (kind === 'Transaction' || kind === 'TwoPhaseTransaction') {
    return [{ path: 'template.kind', message: 'Requests are in no transaction: the kind is Read or Write' }];
  }
  const queries = bodiesOf(definition).filter(
    ([, each]) => !operationsOf(each).every(isHttpOperation) || 'operations' in each,
  );
  const issues = queries.map(([path]) => ({
    path,
    message: 'A template of Http is written as {"method":"…","path":"…"}, with headers and body where there are any',
  }));
  const isWriting = 'method' in body && !isSafeMethod(body.method);
  if (kind === 'Read' && isWriting) {
    issues.push({ path: 'template.template.method', message: 'A Read is a GET or a HEAD; what does more is a Write' });
  }
  const foreign = OF_TRANSACTIONS.filter((name) => settings[name] !== undefined && settings[name] !== false);
  return [...issues, ...foreign.map((path) => ({ path, message: `A request has no ${path}` }))];
}
