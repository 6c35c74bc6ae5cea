import { ATOMICITY_CLASSES } from '@eden/domain';
import { z } from 'zod';
import { idSchema, descriptionSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';
import { findingSchema, silencedSchema } from './plan.js';
import { settingsShape, unsavedCoreSchema } from './template.js';

/** The body of POST /templates, of which less is needed. */
export const unsavedTemplateSchema = z
  .strictObject({
    id: idSchema.optional(),
    description: descriptionSchema.optional(),
    template: unsavedCoreSchema,
    ...settingsShape,
    values: jsonObjectSchema.optional().describe('For its parameters'),
  })
  .meta({ id: 'UnsavedTemplate' });

export const lintedTemplateSchema = z
  .object({
    findings: z.array(findingSchema),
    silenced: z.array(silencedSchema),
    class: z.enum(ATOMICITY_CLASSES),
    refusals: z.array(z.string()).describe('Why it must not run in a migration; empty: it may'),
  })
  .meta({ id: 'LintedTemplate' });
