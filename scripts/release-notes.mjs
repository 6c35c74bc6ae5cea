/** `node scripts/release-notes.mjs v1.2.3` prints what CHANGELOG.md says of that version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ROOT } from './ensure-installed.mjs';

/** The chapter of a version, without its heading; null where there is none. */
function notesOf(changelog, version) {
  const chapters = changelog.split(/^## /m).slice(1);
  const chapter = chapters.find((text) => text.split(/\s/, 1)[0] === version);
  return chapter === undefined ? null : chapter.slice(chapter.indexOf('\n')).trim();
}

const [tag = ''] = process.argv.slice(2);
const notes = notesOf(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), tag.replace(/^v/, ''));
if (notes === null) {
  console.error(`CHANGELOG.md has no chapter for ${tag || 'a release without a name: give its tag'}`);
  process.exitCode = 1;
} else {
  console.log(notes);
}
