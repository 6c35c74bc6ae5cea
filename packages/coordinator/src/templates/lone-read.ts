import type {
  BoundOperation,
  BoundTemplate,
  Endpoint,
  ExecutionOptions,
  ExecutionSession,
  GateAnswer,
  LoneStatement,
  StatementResult,
  Template,
} from '@eden/domain';
import { attributeError, limitsOf } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';

/** The only operation of a template that reads one statement, and does nothing else; else null. */
export function loneOperationOf({ kind }: Template, { operations }: BoundTemplate): BoundOperation | null {
  const [only, ...others] = operations;
  return kind === 'Read' && only?.batch === null && others.length === 0 ? only : null;
}

export interface LoneOperation {
  readonly template: Template;
  readonly endpoint: Endpoint;
  readonly operation: BoundOperation;
}

/**
 * Gate, statement and commit in one round trip, beside others where that can be; or that the gate does not fit the definition.
 * @throws EdenError LOCK_TIMEOUT when the gate stays closed, TEMPLATE_EXECUTION_FAILED, ENDPOINT_UNAVAILABLE
 */
export async function readAlone(
  deps: CoordinatorDeps,
  { template, endpoint, operation }: LoneOperation,
  options: ExecutionOptions,
): Promise<StatementResult | Exclude<GateAnswer, 'open'>> {
  const read = statementOf(operation, template);
  const adapter = deps.targets.adapter(endpoint.kind);
  const beside = adapter.readBeside === undefined ? null : await adapter.readBeside(endpoint, options, read);
  return beside ?? readByItself(await adapter.openExecution(endpoint, options), read, template);
}

function statementOf(operation: BoundOperation, template: Template): LoneStatement {
  const { bound = null } = operation;
  try {
    return { statement: operation.render(), bound, limits: limitsOf(template.settings), name: template.uuid };
  } catch (error) {
    throw attributeError(error, template);
  }
}

async function readByItself(
  session: ExecutionSession,
  { statement, limits }: LoneStatement,
  template: Template,
): Promise<StatementResult | Exclude<GateAnswer, 'open'>> {
  try {
    return await session.readOnce(statement, limits);
  } catch (error) {
    throw attributeError(error, template);
  } finally {
    await session.abandon();
  }
}
