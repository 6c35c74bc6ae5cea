import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareText, duplicateVersions, isMigrationPath, readTexts, rollbackTexts, section } from '../folder.js';
import type { TextFile } from '../folder.js';

const NAME = /^(\d+).*\.sql$/;
const DIRECTIVE = /^--[^\S\n]*migrate:(up|down)(?:[^\S\n]+(\S.*))?[^\S\n]*$/gm;

/** Numbered files in the order of their names; each has blocks `-- migrate:up` and `-- migrate:down`. */
export function readDbmate(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => NAME.test(path) && !path.includes('/') && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const downs = rollbackTexts(files, options);
  const migrations: SourceMigration[] = [];
  for (const text of texts.sort((a, b) => compareText(a.name, b.name))) {
    const read = readFile(text, downs.get(text.path) ?? null);
    if ('message' in read) problems.push(read);
    else migrations.push(read);
  }
  return { migrations, problems: [...problems, ...duplicateVersions(migrations)] };
}

interface Block {
  readonly direction: string;
  readonly options: string;
  readonly start: number;
  readonly end: number;
}

function readBlocks(text: string): Block[] {
  const found = [...text.matchAll(DIRECTIVE)];
  return found.map(({ 1: direction = '', 2: options = '', index }, i) => ({
    direction,
    options,
    start: index,
    end: found[i + 1]?.index ?? text.length,
  }));
}

function readFile({ path, name, text, sha256 }: TextFile, rollback: string | null): SourceMigration | SourceProblem {
  const blocks = readBlocks(text);
  const ups = blocks.filter(({ direction }) => direction === 'up');
  const [first] = blocks;
  if (first === undefined || ups.length === 0) return { path, message: 'it has no block "-- migrate:up"' };
  if (first.direction !== 'up')
    return { path, message: 'its block "-- migrate:up" has to stand before "-- migrate:down"' };
  const head = text.slice(0, first.start).split('\n');
  const stray = head.findIndex((line) => !/^\s*(--.*)?$/.test(line));
  if (stray >= 0) return { path, message: `line ${stray + 1}: only comments may stand before "-- migrate:up"` };
  const downs = blocks.filter(({ direction }) => direction === 'down').reverse();
  return {
    file: path,
    version: /^\d+/.exec(name)?.[0] ?? name,
    name: name.slice(0, -'.sql'.length),
    checksum: null,
    sha256,
    up: ups.length === 1 ? section(text, first.start, first.end) : withoutDowns(text, blocks),
    down: rollback ?? joinDowns(text, downs),
    transactional: !ups.some(({ options }) => /(^|\s)transaction:false(\s|$)/.test(options)),
    details: {},
  };
}

/** The file with its down blocks as empty lines. */
function withoutDowns(text: string, blocks: readonly Block[]): string {
  return blocks
    .map(({ direction, start, end }) => {
      const block = text.slice(start, end);
      return direction === 'up' ? block : block.replace(/[^\n]/g, '');
    })
    .reduce((all, block) => all + block, section(text, blocks[0]?.start ?? 0, blocks[0]?.start ?? 0));
}

/** What undoes the last up first; null when none of them says anything but comments. */
function joinDowns(text: string, blocks: readonly Block[]): string | null {
  const [only] = blocks;
  if (only === undefined) return null;
  if (blocks.length === 1) return section(text, only.start, only.end);
  return blocks.map(({ start, end }) => text.slice(start, end)).join('\n');
}
