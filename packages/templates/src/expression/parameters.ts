import type { JsonObject, TemplateParameter } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { resolveParameter } from './scope.js';

interface KnownParameter {
  readonly parts: readonly string[];
  required: boolean;
}

/** Collects the parameters that the texts of one template name, in the order of their first use. */
export class ParameterList {
  readonly #known = new Map<string, KnownParameter>();
  readonly #defaults: JsonObject;

  constructor(defaults: JsonObject) {
    this.#defaults = defaults;
  }

  /** `needed` is false for a use as a block's condition, or inside the block that the parameter guards. */
  add(name: string, parts: readonly string[], needed: boolean): void {
    const known = this.#known.get(name) ?? { parts, required: false };
    if (needed && resolveParameter(this.#defaults, name, parts) === undefined) known.required = true;
    this.#known.set(name, known);
  }

  list(): TemplateParameter[] {
    return [...this.#known].map(([name, { required }]) => ({ name, required }));
  }

  /** @throws EdenError REQUIRED_PARAMETER_MISSING naming the first required parameter that `values` lacks. */
  check(values: JsonObject): void {
    for (const [name, { parts, required }] of this.#known) {
      if (required && resolveParameter(values, name, parts) === undefined) throw missingParameter(name);
    }
  }
}

export function missingParameter(name: string): EdenError {
  return new EdenError('REQUIRED_PARAMETER_MISSING', { parameter: name });
}
