import type { Action } from './actions.js';
import { pendingApis } from './decide-release.js';
import type { PlanInput } from './source-routes.js';
import type { Actual, Desired } from './state.js';

/**
 * What the service is asked a plan of: the folders of the file, its APIs that have not run, and what of their templates and
 * endpoints the service does not have, or has otherwise. Null where there is nothing to plan.
 */
export function planInputOf(desired: Desired, actual: Actual, definitions: readonly Action[]): PlanInput | null {
  const { sources, parameters, options } = desired;
  if (sources.length + desired.apis.length === 0) return null;
  return {
    ...{ sources, parameters, options },
    apis: pendingApis(desired, actual),
    templates: definitions.flatMap((action) => ('template' in action ? [action.template] : [])),
    endpoints: definitions.flatMap((action) => (action.do === 'create endpoint' ? [action.endpoint] : [])),
  };
}
