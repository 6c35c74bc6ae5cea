import { EdenError } from '@eden/domain';
import type { RequestHandler } from 'express';

/** For a path whose own methods have had their turn: what is left is none of them. Express itself answers OPTIONS. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  const allowed = methods.map((method) => method.toUpperCase());
  if (allowed.includes('GET')) allowed.push('HEAD');
  allowed.sort();
  return (req, _res, next) => {
    if (req.method === 'OPTIONS') return next();
    throw new EdenError('METHOD_NOT_ALLOWED', { allowed });
  };
}
