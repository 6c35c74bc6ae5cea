import type { LoadedFile } from '../file/load-file.js';
import { resolveEndpoint } from '../file/resolve-values.js';
import type { Desired } from '../reconcile/state.js';

/** What a file wants, with the values that the environment gives. @throws CommandError when one is not set */
export function desiredOf(
  { content }: LoadedFile,
  env: Readonly<Record<string, string | undefined>>,
  id: string | undefined,
): Desired {
  const { migration, description, endpoints, templates, apis, parameters, options } = content;
  return {
    line: migration,
    id,
    description,
    endpoints: Object.entries(endpoints).map(([name, entry]) => resolveEndpoint(name, entry, env)),
    templates,
    apis,
    parameters,
    options,
  };
}
