import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

/**
 * The system's temporary folder, or /tmp when TMPDIR names one that other accounts cannot enter: what lies in it must
 * be within reach of `nobody`.
 */
export async function temporaryFolder(): Promise<string> {
  return (await isOpenToOthers(tmpdir())) ? tmpdir() : '/tmp';
}

/** Whether every account may pass through it. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  const mayEnter = (mode & 0o001) !== 0;
  return mayEnter && (folder === dirname(folder) || isOpenToOthers(dirname(folder)));
}
