import { inspect } from 'node:util';

const MASK = '[secrets]';

/** Makes an object that reads as usual, but never prints what it holds: neither as JSON nor by console or logger. */
export function sealed<T extends object>(secrets: T): Readonly<T> {
  Object.defineProperty(secrets, 'toJSON', { value: () => MASK });
  Object.defineProperty(secrets, inspect.custom, { value: () => MASK });
  return Object.freeze(secrets);
}
