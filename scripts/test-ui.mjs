/**
 * `npm run test:ui`: the dashboard in Chromium, every page and every flow. Its pictures lie in .eden/ui afterwards; with
 * `-- --docs` those of the documentation are made anew as well.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

const given = process.argv.slice(2);
const pictures = join(ROOT, '.eden', 'ui');
const docs = given.includes('--docs') ? { EDEN_DOCS_PICTURES: join(ROOT, 'docs', 'images') } : {};
mkdirSync(pictures, { recursive: true });
const env = { ...process.env, EDEN_UI_PICTURES: pictures, ...docs };
// Behind `--`, or a file would be taken for one more project.
const args = ['-w', '1', '--selectProjects', 'ui', '--', ...given.filter((arg) => arg !== '--docs')];
process.exitCode = (await installAndBuild()) ? await runJest(args, { env }) : 1;
console.log(`Pictures: ${pictures}`);
