import {
  isEdenError,
  type Endpoint,
  type OutsideSession,
  type OutsideSpec,
  type Statement,
  type StatementResult,
} from '@eden/domain';
import { parse } from './analyze.js';
import { HttpService, type HttpLimits } from './service.js';

/**
 * A request as a step outside the transaction. The service keeps no record of steps: it is told the same key at every try,
 * and the step's row in the control database says whether it may have been done (`NothingDone`).
 */
export class HttpOutside implements OutsideSession {
  /** A service has no transactions. */
  readonly batches = null;
  private readonly service: HttpService;
  private readonly end = new AbortController();

  constructor(
    endpoint: Endpoint,
    private readonly spec: OutsideSpec,
    limits: HttpLimits,
  ) {
    this.service = new HttpService(endpoint, limits);
  }

  async carryOut(): Promise<StatementResult> {
    const { statements, expect, outputs } = this.spec.work;
    const [statement] = statements;
    if (statement === undefined) throw new TypeError('a step without a request');
    const isLookedAt = expect !== undefined || outputs !== undefined;
    return this.ask(statement, this.key, isLookedAt ? {} : { rows: 'discard' });
  }

  /** Of what changes nothing there is nothing to take back; what a rollback deletes may be gone already. */
  async compensate(): Promise<void> {
    for (const statement of this.spec.work.undo ?? []) {
      const { method } = parse(statement);
      await this.ask(statement, `${this.key}.undo`, { rows: 'discard' }).catch((error: unknown) => {
        if (method !== 'DELETE' || !isGone(error)) throw error;
      });
    }
  }

  close(): Promise<void> {
    this.end.abort(new Error('the step is let go of'));
    this.service.close();
    return Promise.resolve();
  }

  private get key(): string {
    const { runUuid, apiUuid, number } = this.spec;
    return `${runUuid}.${apiUuid}.${number}`;
  }

  private ask(statement: Statement, key: string, more: { readonly rows?: 'discard' }): Promise<StatementResult> {
    const { timeoutMs, retries } = this.spec.work;
    const limits = {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(retries === undefined ? {} : { retries }),
      ...more,
    };
    return this.service.ask({ message: parse(statement), key, limits, signal: this.end.signal });
  }
}

const GONE: readonly unknown[] = [404, 410];

function isGone(error: unknown): boolean {
  return isEdenError(error, 'TEMPLATE_EXECUTION_FAILED') && GONE.includes(error.context['status']);
}
