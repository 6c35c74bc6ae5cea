/**
 * The types of packages/client are made from docs/openapi.json and from nothing else. Without arguments: are they as
 * the document says? With `--write` they are made again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'prettier';
import { ROOT } from './ensure-installed.mjs';

const FILE = join(ROOT, 'packages', 'client', 'src', 'generated', 'api.ts');
const HEADER =
  '/* eslint-disable */\n/** Made from docs/openapi.json by `npm run openapi`; changes here are lost. */\n\n';

const document = JSON.parse(readFileSync(join(ROOT, 'docs', 'openapi.json'), 'utf8'));
const text = await format(HEADER + astToString(await openapiTS(document, { defaultNonNullable: false })), {
  parser: 'typescript',
  singleQuote: true,
  printWidth: 120,
});

if (process.argv.includes('--write')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('packages/client/src/generated/api.ts does not follow docs/openapi.json: run "npm run openapi"');
  process.exitCode = 1;
}
