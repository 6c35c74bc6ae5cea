import { asUuid, type Binding } from '@eden/domain';
import type { Prisma } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';

/** What the rows of both tables of bindings hold beside their owner. */
interface BindingRow {
  readonly templateUuid: string;
  readonly fields: Prisma.JsonValue;
}

export function toBinding({ templateUuid, fields }: BindingRow): Binding {
  return { templateUuid: asUuid(templateUuid), fields: fromJson(fields) };
}

/** Rows of these bindings, in their order, for the owner whose columns are given. */
export function bindingRows<Owner extends object>(
  owner: Owner,
  bindings: readonly Binding[],
): (Owner & { position: number; templateUuid: string; fields: Prisma.InputJsonValue })[] {
  return bindings.map(({ templateUuid, fields }, position) => ({
    ...owner,
    position,
    templateUuid,
    fields: toJson(fields),
  }));
}
