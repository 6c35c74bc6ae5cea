import type { EndpointKind } from './endpoint.js';
import type { Uuid } from './ids.js';
import type { JsonObject, JsonValue } from './json.js';
import type { HttpOperation } from './http-message.js';

export const TEMPLATE_KINDS = ['Read', 'Write', 'Transaction', 'TwoPhaseTransaction'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** Runs its operation again and again behind the greatest key it returned, until it returns no row. */
export interface BatchSpec {
  /** A number, a numeric string, or a text with placeholders that renders to one. */
  readonly size: number | string;
  /** First value of `batch.after`; default 0. */
  readonly start?: number | string;
  /** `together` (default) stays in the migration's transaction, `each` commits every batch with its checkpoint. */
  readonly commit?: 'together' | 'each';
}

export interface SqlOperation {
  /** `sql`: the query is taken as it is, without placeholders; params and batch do not go with it. */
  readonly syntax?: 'sql';
  readonly query: string;
  readonly params?: readonly JsonValue[];
  readonly batch?: BatchSpec;
}

export interface TransactionBody {
  readonly operations: readonly SqlOperation[];
}

/** What a template does once: a query, or a request of the kind Http. */
export type Operation = SqlOperation | HttpOperation;

/** The statement of a template: one query or request, or the operations of a transaction. */
export type TemplateBody = Operation | TransactionBody;

/** What must hold after a template ran; exactly one of the keys. */
export type Expectation = { readonly value: JsonValue } | { readonly row_count: number } | { readonly no_rows: true };

export interface TemplateSettings {
  readonly defaults?: JsonObject;
  readonly rollback?: TemplateBody;
  /** Name in `migration.*` → `row_count` or `rows[0].column`. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly expect?: Expectation;
  readonly batch?: BatchSpec;
  readonly timeout_ms?: number;
  readonly lock_timeout_ms?: number;
  readonly retries?: number;
  readonly transactional?: boolean;
}

/** A template as it is compiled: everything that decides what it will say and do. */
export interface TemplateDefinition {
  readonly endpointKind: EndpointKind;
  readonly kind: TemplateKind;
  readonly body: TemplateBody;
  readonly settings: TemplateSettings;
}

export interface Template extends TemplateDefinition {
  readonly uuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  readonly endpointUuid: Uuid;
  /** Raised by every change; part of the plan's hash. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function operationsOf(body: TemplateBody): readonly Operation[] {
  return 'operations' in body ? body.operations : [body];
}

export function isHttpOperation(operation: Operation): operation is HttpOperation {
  return 'method' in operation;
}

/** Those that are queries: all of them, or none. */
export function queriesOf(body: TemplateBody): readonly SqlOperation[] {
  return operationsOf(body).filter((operation): operation is SqlOperation => !isHttpOperation(operation));
}
