import { atEndOfFile } from '@eden/testkit';
import type { TargetAdapter } from '@eden/domain';
import { createTargets, type MysqlLimits } from '../index.js';
import { PATIENT, REACH } from './fixtures.js';

/** An adapter whose pools are closed at the end of the test file. */
export function mysqlAdapter(limits: Partial<MysqlLimits> = {}): TargetAdapter {
  const targets = createTargets({ mysql: { ...PATIENT, ...limits }, reach: REACH });
  atEndOfFile(() => targets.close());
  return targets.adapter('MySQL');
}
