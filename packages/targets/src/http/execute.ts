import { randomUUID } from 'node:crypto';
import {
  EdenError,
  isSafeMethod,
  type Endpoint,
  type ExecutionOptions,
  type ExecutionSession,
  type GateAnswer,
  type Statement,
  type StatementLimits,
  type StatementResult,
} from '@eden/domain';
import { parse } from './analyze.js';
import { HttpService, type HttpLimits } from './service.js';

/**
 * What an execution asks a service for. Each request is done for good once it is answered: there is nothing to commit, and
 * nothing takes it back. Tried again, the execution's requests have the keys that they had before.
 */
export class HttpExecution implements ExecutionSession {
  readonly isOnStandby = false;
  private readonly service: HttpService;
  private readonly end = new AbortController();
  private readonly execution: string;
  private asked = 0;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
    limits: HttpLimits,
  ) {
    this.service = new HttpService(endpoint, limits);
    this.execution = options.execution ?? randomUUID();
  }

  enter(): Promise<GateAnswer> {
    return Promise.resolve('open');
  }

  async run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    const message = parse(statement);
    const { id: endpoint_id, uuid } = this.endpoint;
    if (this.options.readOnly && !isSafeMethod(message.method)) {
      throw new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id, message: `a Read sends no ${message.method}` });
    }
    const key = `${this.execution}.${uuid}.${this.asked}`;
    this.asked += 1;
    const bounded = { timeoutMs: this.options.statementTimeoutMs, ...limits };
    return this.service.ask({ message, key, limits: bounded, signal: this.end.signal });
  }

  readOnce(statement: Statement, limits?: StatementLimits): Promise<StatementResult> {
    return this.run(statement, limits);
  }

  confirm(): Promise<GateAnswer> {
    return Promise.resolve('open');
  }

  commit(): Promise<void> {
    return this.abandon();
  }

  abandon(): Promise<void> {
    this.end.abort(new Error('the execution is over'));
    this.service.close();
    return Promise.resolve();
  }
}
