declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A lower-case RFC 4122 uuid. */
export type Uuid = Branded<string, 'Uuid'>;

/** What a caller names in a path: the id it chose, or the uuid we gave. */
export type Ref = string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Contract section 2: what an id may look like. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

export function isUuid(value: string): value is Uuid {
  return UUID.test(value);
}

/** Brands a string that is known to be a uuid (from the database or from randomUUID). */
export function asUuid(value: string): Uuid {
  if (!isUuid(value)) throw new TypeError('not a uuid');
  return value.toLowerCase() as Uuid;
}
