/** Every relative link in the repository's Markdown files leads to a file, and to a heading if it names one. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';

const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const FENCED_CODE = /^(`{3,}|~{3,})[^]*?^\1/gm;
const INLINE_CODE = /`[^`\n]*`/g;
const HEADING = /^#{1,6}\s+(.+?)\s*#*$/gm;

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', '.eden']);

function markdownFiles(folder = '.') {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function read(file) {
  return readFileSync(join(ROOT, file), 'utf8').replace(FENCED_CODE, '');
}

function brokenLinks(file) {
  const links = [...read(file).replace(INLINE_CODE, '').matchAll(LINK)].map(([, target]) => target);
  const relative = links.filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
  return relative.filter((target) => !leadsSomewhere(file, target)).map((target) => `${file}: ${target}`);
}

function leadsSomewhere(file, target) {
  const [path, heading] = decodeURIComponent(target).split('#');
  const goal = path === '' ? file : path.startsWith('/') ? path.slice(1) : join(dirname(file), path);
  if (!existsSync(join(ROOT, goal))) return false;
  if (heading === undefined || !goal.endsWith('.md') || statSync(join(ROOT, goal)).isDirectory()) return true;
  return [...read(goal).matchAll(HEADING)].some(([, text]) => slug(text) === heading.toLowerCase());
}

/** As GitHub makes anchors, but for the numbers it adds to repeated headings. */
function slug(heading) {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

const broken = markdownFiles().flatMap(brokenLinks);
if (broken.length > 0) console.error(`Links that lead nowhere:\n${broken.join('\n')}`);
process.exitCode = broken.length > 0 ? 1 : 0;
