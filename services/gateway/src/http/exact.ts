import type { JsonValue } from '@eden/domain';

/**
 * The same type with optional keys that are absent or have a value: `{ a?: string | undefined }` becomes
 * `{ a?: string }`. Zod writes the former, but what was parsed from JSON never holds an `undefined`.
 */
export type Exact<T> = JsonValue extends T
  ? T
  : T extends string | number | boolean | Date | null
    ? T
    : T extends readonly (infer E)[]
      ? Exact<E>[]
      : T extends object
        ? { [K in keyof T]: Exact<Exclude<T[K], undefined>> }
        : T;
