import type { Binding, Issue, JsonValue, OrganizationReader, Ref, Subject, Uuid } from '@eden/domain';
import { requireLevelOn } from '@eden/domain';

/** A binding as clients write it: the template by id or uuid. */
export interface BindingInput {
  readonly template: Ref;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** What is wrong with one field's value, null when nothing is. */
export type FieldCheck = (value: JsonValue) => string | null;

/** Whose binding it is, and what they need no say in: the templates that are bound already. */
export interface Binder {
  readonly subject: Subject;
  readonly bound?: readonly Binding[];
}

/**
 * Names each template by its uuid. Whoever runs an API needs no say in its templates: whoever binds them does.
 * @throws EdenError TEMPLATE_NOT_FOUND (guide), INSUFFICIENT_PERMISSIONS
 */
export async function resolveBindings(
  reader: Pick<OrganizationReader, 'templateUuids'>,
  { subject, bound = [] }: Binder,
  inputs: readonly BindingInput[],
): Promise<readonly Binding[]> {
  const uuids = await reader.templateUuids(inputs.map(({ template }) => template));
  const known = new Set(bound.map(({ templateUuid }) => templateUuid));
  for (const uuid of uuids) if (!known.has(uuid)) requireLevelOn(subject, uuid, 'Admin');
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
