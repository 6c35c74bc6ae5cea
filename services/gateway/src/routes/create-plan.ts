import { planMigration } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { filesOf, refuseOtherParts } from '../http/folder-files.js';
import { newTemplateOf } from '../http/new-template.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { planSchema } from '../schemas/plan.js';
import { newPlanSchema } from '../schemas/source.js';
import { viewPlan } from '../views/plan.js';

/** Name of the parts with the files of a source. */
const partOf = (source: string): string => `files[${source}]`;

export const createPlan = operation({
  method: 'post',
  path: '/plans',
  tag: 'Migrations',
  summary:
    'Show what a migration of these APIs and folders would do, without storing anything; equal input has an equal hash',
  body: newPlanSchema,
  upload: {
    part: 'plan',
    files: { [partOf('<source>')]: 'One part for each file of a source; its filename is the path' },
  },
  result: dataSchema(planSchema),
  errors: [
    'INSUFFICIENT_PERMISSIONS',
    'ENDPOINT_NOT_FOUND',
    'API_NOT_FOUND',
    'API_MANAGED',
    'TEMPLATE_NOT_FOUND',
    'TEMPLATE_NOT_RENDERED',
    'REQUIRED_PARAMETER_MISSING',
    'SOURCE_REFUSED',
    'ATOMICITY_REFUSED',
    'ENDPOINT_UNAVAILABLE',
  ],
  // A question: it is asked again instead of answered by what was true then.
  authorize: () => Promise.resolve(true),
  handler: async ({ subject, body, upload, deps, http }) => {
    const folders = body.sources.map(({ files, id, ...folder }) => {
      const named = id ?? folder.endpoint;
      return { ...folder, id: named, files: filesOf(files, upload, partOf(named)) };
    });
    refuseOtherParts(
      upload,
      folders.map(({ id }) => partOf(id)),
    );
    const { endpoints, parameters, options } = body;
    const templates = body.templates.map(newTemplateOf);
    const apis = body.apis.map(({ id: api, next = null, ...rest }) => ({ ...rest, api, next }));
    const request = { endpoints, templates, apis, folders, parameters, options, signal: http.signal };
    const plan = await planMigration(deps, subject, request);
    return data(viewPlan(plan, { planHash: null }));
  },
});
