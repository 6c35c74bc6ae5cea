import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OPERATIONS } from '../routes/index.js';
import { openApiDocument } from './document.js';

/** Writes docs/openapi.json: run it after every change of an operation, a test compares. */
const target = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'openapi.json');
await mkdir(dirname(target), { recursive: true });
await writeFile(target, `${JSON.stringify(openApiDocument(OPERATIONS), null, 2)}\n`);
