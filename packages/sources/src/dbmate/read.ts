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
  const [up, down, further] = readBlocks(text);
  const problem = blockProblem(text, up, down, further);
  if (problem !== null || up === undefined) return { path, message: problem ?? NO_UP };
  return {
    file: path,
    version: /^\d+/.exec(name)?.[0] ?? name,
    name: name.slice(0, -'.sql'.length),
    checksum: null,
    sha256,
    up: section(text, up.start, up.end),
    down: rollback ?? (down === undefined ? null : section(text, down.start, down.end)),
    transactional: !/(^|\s)transaction:false(\s|$)/.test(up.options),
    details: {},
  };
}

const NO_UP = 'it has no block "-- migrate:up"';

function blockProblem(text: string, up?: Block, down?: Block, further?: Block): string | null {
  if (up === undefined) return NO_UP;
  if (up.direction !== 'up') return 'its block "-- migrate:up" has to stand before "-- migrate:down"';
  if (further !== undefined || down?.direction === 'up') {
    return 'it has several blocks "-- migrate:up" or "-- migrate:down", which dbmate takes for several migrations of one version: make a file of each';
  }
  const head = text.slice(0, up.start).split('\n');
  const stray = head.findIndex((line) => !/^\s*(--.*)?$/.test(line));
  return stray < 0 ? null : `line ${stray + 1}: only comments may stand before "-- migrate:up"`;
}
