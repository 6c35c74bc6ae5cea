import type { TargetAdapter } from '@eden/domain';
import { createTargets, type TargetsOptions } from '../index.js';
import { REACH } from './fixtures.js';

/** An adapter whose endpoints may lead to this machine. */
export function httpAdapter(change: Partial<TargetsOptions> = {}): TargetAdapter {
  return createTargets({ reach: REACH, httpHosts: ['127.0.0.1', 'localhost'], ...change }).adapter('Http');
}
