import type { TemplateSettings } from '@eden/domain';

/** Whether a template's outputs or its expectation look at rows. The number of rows is known without them. */
export function needsRows({ outputs, expect }: TemplateSettings): boolean {
  if (expect !== undefined && !('row_count' in expect)) return true;
  return Object.values(outputs ?? {}).some((path) => path !== 'row_count');
}
