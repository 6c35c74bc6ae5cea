import { lintUnsaved } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { unsavedTemplate } from '../http/unsaved-template.js';
import { dataSchema } from '../schemas/envelope.js';
import { lintedTemplateSchema, unsavedTemplateSchema } from '../schemas/tools.js';

export const lintTemplate = operation({
  method: 'post',
  path: '/tools/lint',
  tag: 'Templates',
  summary: 'Look at the statements of an unsaved template for what is dangerous',
  body: unsavedTemplateSchema,
  result: dataSchema(lintedTemplateSchema),
  errors: ['ENDPOINT_NOT_FOUND', 'TEMPLATE_NOT_RENDERED'],
  handler: async ({ subject, body, deps }) => {
    const { findings, silenced, refusals, ...rest } = await lintUnsaved(deps, subject, unsavedTemplate(body));
    return data({ ...rest, findings: [...findings], silenced: [...silenced], refusals: [...refusals] });
  },
});
