import type { JsonObject, JsonValue } from '../json.js';
import type { TemplateDefinition } from '../template.js';

export interface TemplateParameter {
  /** Dotted path as written, e.g. `customer.id`. Helpers and block locals are not parameters. */
  readonly name: string;
  /** False when it has a default, only serves as a block's condition, or stands inside the block it guards. */
  readonly required: boolean;
}

/** A rendered statement: SQL text and its bound parameters ($1, $2, … ), JSON types kept. */
export interface Statement {
  readonly text: string;
  readonly params: readonly JsonValue[];
  /**
   * `sql`: a text as somebody has written it for the target's own client, which may steer transactions and hold data.
   * It has no params. Absent: statements of a template, which hold nothing but themselves.
   */
  readonly syntax?: 'sql';
}

/** Batch settings after rendering: all plain numbers. */
export interface BoundBatch {
  readonly size: number;
  readonly start: JsonValue;
  readonly commit: 'together' | 'each';
}

/**
 * A statement with its values beside it. The text has `$1`, `$2`, … in their places, each of which takes one value; it is the same
 * for all values that take the same way through the template's blocks.
 */
export interface BoundText {
  readonly text: string;
  readonly values: readonly BoundValue[];
}

/** As it would be written into the statement; an object is the text of its JSON. */
export type BoundValue = string | number | bigint | boolean | null;

export interface BoundOperation {
  readonly batch: BoundBatch | null;
  /** What `render()` gives, where every placeholder that has been written is one value; else null, or absent. */
  readonly bound?: BoundText | null;
  /** `after` becomes `batch.after`, and `size` `batch.size` in place of the batch's own; only for operations with a batch. */
  render(after?: JsonValue, size?: number): Statement;
}

/** A template with its values: defaults applied, every required parameter there. */
export interface BoundTemplate {
  readonly operations: readonly BoundOperation[];
  readonly rollback: readonly BoundOperation[];
}

export interface CompiledTemplate {
  readonly parameters: readonly TemplateParameter[];
  /** True when `{{raw x}}` occurs anywhere (needs Admin, is audited). */
  readonly usesRaw: boolean;
  /**
   * @param mostCharacters In UTF-16 units, all statements together; default: 64 Mi
   * @throws EdenError REQUIRED_PARAMETER_MISSING (context: parameter), TEMPLATE_NOT_RENDERED (context: details)
   */
  bind(values: JsonObject, mostCharacters?: number): BoundTemplate;
}

export interface TemplatePort {
  /**
   * Compiles the Handlebars text of every operation with the escaping of the endpoint's kind. Pure; callers may cache by version.
   * @throws EdenError VALIDATION_FAILED with issues that name path, line and column.
   */
  compile(definition: TemplateDefinition): CompiledTemplate;
}
