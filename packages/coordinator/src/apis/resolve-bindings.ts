import type { Binding, Issue, JsonValue, OrganizationReader, Ref } from '@eden/domain';

/** A binding as clients write it: the template by id or uuid. */
export interface BindingInput {
  readonly template: Ref;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** What is wrong with one field's value, null when nothing is. */
export type FieldCheck = (value: JsonValue) => string | null;

/**
 * Names each template by its uuid.
 * @throws EdenError TEMPLATE_NOT_FOUND (guide)
 */
export async function resolveBindings(
  reader: Pick<OrganizationReader, 'template'>,
  inputs: readonly BindingInput[],
): Promise<readonly Binding[]> {
  const bindings: Binding[] = [];
  for (const { template, fields } of inputs) {
    bindings.push({ templateUuid: (await reader.template(template)).uuid, fields });
  }
  return bindings;
}

export function checkBindings(root: string, bindings: readonly BindingInput[], check: FieldCheck): readonly Issue[] {
  return bindings.flatMap(({ fields }, index) =>
    Object.entries(fields).flatMap(([field, value]) => {
      const message = check(value);
      return message === null ? [] : [{ path: `${root}[${index}].fields.${field}`, message }];
    }),
  );
}
