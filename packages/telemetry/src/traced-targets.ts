import type { Endpoint, TargetAdapter, TargetPort } from '@eden/domain';
import type { Tracing } from './tracing.js';

/** Talk to no target. */
const AT_HOME: ReadonlySet<string> = new Set([
  'parseConfig',
  'describeConfig',
  'analyze',
  'withoutConcurrently',
  'forget',
]);
/** What they answer talks to the target as well. */
const OPENING: ReadonlySet<string> = new Set(['openExecution', 'openParticipant', 'openOutside', 'openSettlement']);

type Attributes = Readonly<Record<string, string>>;
type Method = (...args: readonly unknown[]) => unknown;

/** The targets, with a span for each thing that is asked of one; as they are where nothing is traced. */
export function tracedTargets<T extends TargetPort>(targets: T, tracing: Tracing): T {
  if (!tracing.isOn) return targets;
  return intercept(targets, (name, call) => {
    if (name !== 'adapter') return call;
    return (...args) => tracedAdapter(call(...args) as TargetAdapter, tracing);
  });
}

function tracedAdapter(adapter: TargetAdapter, tracing: Tracing): TargetAdapter {
  return intercept(adapter, (name, call) => {
    if (AT_HOME.has(name)) return call;
    return (...args) => {
      const endpoint = args[0] as Endpoint | undefined;
      const attributes = { 'db.system.name': adapter.kind.toLowerCase(), 'eden.endpoint': endpoint?.id ?? '' };
      const answer = inSpan(tracing, `${adapter.kind} ${name}`, attributes, () => call(...args));
      return OPENING.has(name) ? tracedSession(answer, adapter.kind, attributes, tracing) : answer;
    };
  });
}

/** Of statements nothing but their being sent is told: they hold data. */
async function tracedSession(
  opening: unknown,
  kind: string,
  attributes: Attributes,
  tracing: Tracing,
): Promise<unknown> {
  const session = (await opening) as object;
  return intercept(session, (name, call) => {
    return (...args) => inSpan(tracing, `${kind} ${name}`, attributes, () => call(...args));
  });
}

function inSpan(tracing: Tracing, name: string, attributes: Attributes, call: () => unknown): Promise<unknown> {
  return tracing.traced({ name, attributes }, async () => call());
}

/** The same object, with other methods in the place of its own. */
function intercept<T extends object>(object: T, replace: (name: string, call: Method) => Method): T {
  return new Proxy(object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return replace(name, (...args) => Reflect.apply(value, target, args) as unknown);
    },
  });
}
