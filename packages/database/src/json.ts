import { Prisma } from './generated/client.js';

/*
 * The border between typed documents and json columns. What is read was written by this package from the same type.
 */

/** A document as Prisma takes it. */
export function toJson(document: object): Prisma.InputJsonValue {
  return document as Prisma.InputJsonValue;
}

/** A document, or SQL NULL. */
export function toNullableJson(document: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return document === null ? Prisma.DbNull : toJson(document);
}

export function fromJson<T>(value: Prisma.JsonValue): T {
  return value as T;
}
