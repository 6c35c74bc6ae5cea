import type { Binding, Issue, JsonValue, OrganizationReader, Ref, Uuid } from '@eden/domain';

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
  reader: Pick<OrganizationReader, 'templateUuids'>,
  inputs: readonly BindingInput[],
): Promise<readonly Binding[]> {
  const uuids = await reader.templateUuids(inputs.map(({ template }) => template));
  return inputs.map(({ fields }, index) => ({ templateUuid: uuidAt(uuids, index), fields }));
}

function uuidAt(uuids: readonly Uuid[], index: number): Uuid {
  const uuid = uuids[index];
  if (uuid === undefined) throw new TypeError('fewer templates than were asked for');
  return uuid;
}

export function checkBindings(root: string, bindings: readonly BindingInput[], check: FieldCheck): readonly Issue[] {
  return bindings.flatMap(({ fields }, index) =>
    Object.entries(fields).flatMap(([field, value]) => {
      const message = check(value);
      return message === null ? [] : [{ path: `${root}[${index}].fields.${field}`, message }];
    }),
  );
}
