import type { PutSource } from '@eden/coordinator';
import type { FolderFile } from '@eden/domain';
import type { FileTexts } from '../sources/simulated-tool.js';
import type { FileStatement } from '../targets/statements.js';
import { endpointUuid } from './uuids.js';
import type { PlannedFolder, SimulationPlan } from './plan.js';

/** A folder of a plan, by its number. */
export function folderOf({ folders = [] }: SimulationPlan, number: number): PlannedFolder {
  const folder = folders[number];
  if (folder === undefined) throw new RangeError('a folder that is not planned');
  return folder;
}

export const folderId = (number: number): string => `folder-${number}`;

/** The first endpoint of the folder's database. */
export function endpointOfFolder({ databases }: SimulationPlan, { database }: PlannedFolder): number {
  return 2 * (database % databases);
}

interface FolderState {
  /** How many files it has. */
  readonly files: number;
  /** Whether the last one fails. */
  readonly isBroken: boolean;
}

/** The files of a folder: each is counted where it runs. */
export function filesOf(plan: SimulationPlan, number: number, { files, isBroken }: FolderState): readonly FolderFile[] {
  const at = `address-${endpointOfFolder(plan, folderOf(plan, number))}`;
  return Array.from({ length: files }, (_, index) => {
    const version = versionOf(index);
    const file = (by: 1 | -1): FileStatement => ({ op: 'file', table: folderId(number), version, by, at });
    const name = indexOf(number, index);
    const whole: FileTexts = isOutside(folderOf(plan, number), index)
      ? { up: { op: 'build', index: name, at }, down: { op: 'drop', index: name } }
      : { up: file(1), down: file(-1) };
    const texts: FileTexts = isBroken && index === files - 1 ? { ...whole, up: { op: 'fail' } } : whole;
    return { path: `${version}.json`, bytes: new TextEncoder().encode(JSON.stringify(texts)) };
  });
}

function versionOf(index: number): string {
  return String(index + 1).padStart(4, '0');
}

/** Whether that file builds an index concurrently. */
function isOutside({ outside = 0 }: PlannedFolder, index: number): boolean {
  return ((outside >> index) & 1) === 1;
}

/** What it builds is called as its row in the history. */
function indexOf(number: number, index: number): string {
  return `${folderId(number)}/${versionOf(index)}`;
}

/** What somebody has built before the schedule begins, under the names of files of the folder. */
export function builtByHand(plan: SimulationPlan, number: number): readonly string[] {
  const folder = folderOf(plan, number);
  if (folder.isBuilt !== true) return [];
  const places = Array.from({ length: MOST_FILES }, (_, index) => index);
  return places.filter((index) => isOutside(folder, index)).map((index) => indexOf(number, index));
}

/** Of one folder. */
const MOST_FILES = 6;

/**
 * A folder of the migration with another file, of which some are broken; a broken one is mended by the next.
 * @param counts How many files each folder has.
 */
export function nextFolder(
  plan: SimulationPlan,
  { migration, target }: { readonly migration: number; readonly target: number },
  counts: Map<number, number>,
): { readonly source: string; readonly command: PutSource } | null {
  const own = [...(plan.folders ?? []).entries()].filter(([, folder]) => folder.migration === migration);
  const [number, folder] = own[target % Math.max(1, own.length)] ?? [];
  if (number === undefined || folder === undefined) return null;
  const files = Math.min(MOST_FILES, (counts.get(number) ?? folder.files) + 1);
  counts.set(number, files);
  const command: PutSource = {
    endpoint: endpointUuid(endpointOfFolder(plan, folder)),
    stage: folder.stage,
    tool: 'auto',
    options: { table: folderId(number) },
    files: filesOf(plan, number, { files, isBroken: target % 4 === 3 }),
  };
  return { source: folderId(number), command };
}
