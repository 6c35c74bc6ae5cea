import type { ApiField, Issue, JsonValue } from '@eden/domain';
import { FIELD_TYPES, validationError } from '@eden/domain';
import { parsePath } from '@eden/work';
import type { BindingInput } from './resolve-bindings.js';
import { checkBindings } from './resolve-bindings.js';
import { pathOf } from './resolve-fields.js';

/** The definition of an API as clients write it. */
export interface ApiDefinitionInput {
  readonly fields: readonly ApiField[];
  readonly bindings: readonly BindingInput[];
}

/**
 * @param root Where the definition stands in the request's body: empty, or `next`.
 * @throws EdenError VALIDATION_FAILED
 */
export function checkDefinition(
  definition: { readonly [K in keyof ApiDefinitionInput]?: ApiDefinitionInput[K] | undefined },
  root = '',
): void {
  const prefix = root === '' ? '' : `${root}.`;
  const issues = [
    ...checkFields(`${prefix}fields`, definition.fields ?? []),
    ...checkBindings(`${prefix}bindings`, definition.bindings ?? [], checkFieldPath),
  ];
  if (issues.length > 0) throw validationError(issues);
}

function checkFields(root: string, fields: readonly ApiField[]): readonly Issue[] {
  const seen = new Set<string>();
  return fields.flatMap((field, index) => {
    const issues = checkField(`${root}[${index}]`, field, seen.has(field.name));
    seen.add(field.name);
    return issues;
  });
}

function checkField(path: string, { name, type }: ApiField, isRepeated: boolean): readonly Issue[] {
  const issues: Issue[] = [];
  if (parsePath(name) === null) issues.push({ path: `${path}.name`, message: `"${name}" is not a field name` });
  if (isRepeated) issues.push({ path: `${path}.name`, message: `Field "${name}" is declared twice` });
  if (!FIELD_TYPES.includes(type)) issues.push({ path: `${path}.type`, message: `Must be ${FIELD_TYPES.join(', ')}` });
  return issues;
}

function checkFieldPath(value: JsonValue): string | null {
  const path = pathOf(value);
  if (path === null || parsePath(path) !== null) return null;
  return `"${path}" is not a path into the input; write a constant as {"literal": …}`;
}
