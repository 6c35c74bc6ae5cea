import type { Template } from '@eden/domain';
import { EdenError } from '@eden/domain';

/** Adds the id of the template that an error came from, under the key that the contract gives to its code. */
export function attributeError(error: unknown, template: Pick<Template, 'id'>): unknown {
  if (!(error instanceof EdenError)) return error;
  const key = error.code === 'TEMPLATE_NOT_RENDERED' ? 'template_id' : 'template';
  return new EdenError(error.code, { [key]: template.id, ...error.context }, { sentence: error.message, cause: error });
}
