import type { Issue } from '@eden/domain';
import { validationError } from '@eden/domain';
import type { z } from 'zod';

type ZodIssue = z.core.$ZodIssue;
type IssuePath = readonly PropertyKey[];

/** `['bindings', 0, 'template']` → `bindings[0].template` */
export function formatPath(path: IssuePath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** Of a union's branches, the one that came closest. */
function closestBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  return branches.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

function describeIssue(issue: ZodIssue, prefix: IssuePath = []): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: formatPath([...path, key]), message: `Unknown key "${key}"` }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closestBranch(issue.errors).flatMap((inner) => describeIssue(inner, path));
  }
  return [{ path: formatPath(path), message: issue.message }];
}

/**
 * Checks a value that came from outside.
 * @throws EdenError VALIDATION_FAILED with one issue per finding; unknown keys are named one by one
 */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationError(result.error.issues.flatMap((issue) => describeIssue(issue)));
}
