import { planFolders } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { filesOf, refuseOtherParts } from '../http/folder-files.js';
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
  summary: 'Show what a migration of these folders would do, without storing anything',
  level: 'Write',
  body: newPlanSchema,
  upload: 'plan',
  result: dataSchema(planSchema),
  errors: ['ENDPOINT_NOT_FOUND', 'SOURCE_REFUSED', 'ATOMICITY_REFUSED', 'ENDPOINT_UNAVAILABLE'],
  // A question: it is asked again instead of answered by what was true then.
  authorize: () => Promise.resolve(true),
  handler: async ({ subject, body, upload, deps }) => {
    const folders = body.sources.map(({ files, id, ...folder }) => {
      const named = id ?? folder.endpoint;
      return { ...folder, id: named, files: filesOf(files, upload, partOf(named)) };
    });
    refuseOtherParts(
      upload,
      folders.map(({ id }) => partOf(id)),
    );
    return data(viewPlan(await planFolders(deps, subject, folders), { planHash: null }));
  },
});
