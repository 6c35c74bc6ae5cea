import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LockMode } from '@eden/domain';

/** The three scripts that make a reader's or a writer's lock out of Redlock. */
export interface LockScripts {
  readonly acquire: string;
  readonly extend: string;
  readonly release: string;
  /** Of writers: from one request of a process to another. */
  readonly handOver?: string;
}

/** Beside src/ and dist/, so that both find it. */
const FOLDER = new URL('../lua/', import.meta.url);

export const LOCK_SCRIPTS: Readonly<Record<LockMode, LockScripts>> = {
  read: { acquire: load('acquire-read'), extend: load('extend-read'), release: load('release-read') },
  write: {
    acquire: load('acquire-write'),
    extend: load('extend-write'),
    release: load('release-write'),
    handOver: load('hand-over-write'),
  },
};

export const WITHDRAW_SCRIPT = load('withdraw');

/** Where the texts of the others go. */
const TEXTS = /^---.*$/m;

/** Runs several of those above in one call. */
export const BATCH_SCRIPT = load('batch').replace(TEXTS, () =>
  Object.values(LOCK_SCRIPTS)
    .flatMap((scripts: LockScripts) => Object.values(scripts) as string[])
    .map((text) => `scripts['${sha1(text)}'] = function(KEYS, ARGV)\n${text}end`)
    .join('\n'),
);

/** As servers know a script. */
export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function load(name: string): string {
  return readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8');
}
