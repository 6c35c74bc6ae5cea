import { z } from 'zod';
import { edenFileSchema } from './schema.js';

/** What an editor needs to complete and check eden.yaml: docs/reference/eden.schema.json. */
export function jsonSchemaOfFile(): object {
  const { $schema, ...schema } = z.toJSONSchema(edenFileSchema, { io: 'input' });
  return { $schema, title: 'eden.yaml', ...schema };
}
