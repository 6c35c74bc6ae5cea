import type { Command } from 'commander';
import type { Shell } from '../shell.js';
export function addDev(_program: Command, _shell: Shell): void {}
