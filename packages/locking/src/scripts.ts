import { readFileSync } from 'node:fs';
import type { LockMode } from '@eden/domain';

/** The three scripts that make a reader's or a writer's lock out of Redlock. */
export interface LockScripts {
  readonly acquire: string;
  readonly extend: string;
  readonly release: string;
}

/** Beside src/ and dist/, so that both find it. */
const FOLDER = new URL('../lua/', import.meta.url);

export const LOCK_SCRIPTS: Readonly<Record<LockMode, LockScripts>> = {
  read: { acquire: load('acquire-read'), extend: load('extend-read'), release: load('release-read') },
  write: { acquire: load('acquire-write'), extend: load('extend-write'), release: load('release-write') },
};

export const WITHDRAW_SCRIPT = load('withdraw');

function load(name: string): string {
  return readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8');
}
