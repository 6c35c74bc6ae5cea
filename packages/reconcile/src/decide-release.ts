import { isSettled, type Api, type Binding, type Run, type VerboseMigration } from '@eden/client';
import type { Action, MigrationSettings } from './actions.js';
import type { ApiEntry } from './entries.js';
import { isSameJson } from './equality.js';
import { LINE_LABEL, newestFirst, nextOf, type Labels } from './line.js';
import type { Actual, Desired } from './state.js';

/** What is to happen with the line of releases. */
export type ReleaseDecision =
  /** The newest release is completed, and the file has nothing that has not run. */
  | { readonly kind: 'nothing'; readonly release: string }
  /** A run is on its way: wait for it and look again. */
  | { readonly kind: 'watch'; readonly release: string; readonly run: Run }
  /** Bring the release up to date, sync and migrate it. */
  | { readonly kind: 'migrate'; readonly release: string; readonly actions: readonly Action[] };

/** Whether the sources of the file have files that have not run everywhere; only the service can tell. */
export interface Outlook {
  readonly hasPendingFiles: boolean;
}

export const NOTHING_SEEN: Outlook = { hasPendingFiles: false };

/** Whether the sources have to be looked at before anything is decided: else they are sent, and sync looks. */
export function needsOutlook(desired: Desired, actual: Actual): boolean {
  return desired.sources.length > 0 && currentRelease(desired, actual)?.state === 'Completed';
}

export function decideRelease(desired: Desired, actual: Actual, outlook: Outlook): ReleaseDecision {
  const current = currentRelease(desired, actual);
  const pending = pendingApis(desired, actual);
  const next = nextOf(desired.line, actual.releases, desired.id);
  if (current === undefined) return create(desired, next, pending);
  const { id: release, run, state } = current;
  if (run !== null && isUnderWay(run) && run.kind !== 'sync') return { kind: 'watch', release, run };
  if (state !== 'Completed') return update(desired, actual, current, pending);
  if (pending.length === 0 && !outlook.hasPendingFiles) return { kind: 'nothing', release };
  return create(desired, next, pending);
}

/** The newest of those that begin with the name that `--id` gives, if there is one, else the newest of the line. */
function currentRelease({ line, id }: Desired, { releases }: Actual): VerboseMigration | undefined {
  const [named] = id === undefined ? [] : newestFirst(line, releases, id);
  return named ?? newestFirst(line, releases)[0];
}

/** The APIs of the file that no completed release has run in this form. */
export function pendingApis(desired: Desired, actual: Actual): ApiEntry[] {
  const completed = [...actual.releases, ...actual.others].filter(({ state }) => state === 'Completed');
  completed.sort((a, b) => b.created_at.localeCompare(a.created_at));
  return desired.apis.filter((entry) => !hasRun(entry, completed, actual));
}

/** What counts is the last release that the API was part of. */
function hasRun(entry: ApiEntry, completed: readonly VerboseMigration[], actual: Actual): boolean {
  const last = completed.flatMap(({ apis }) => apis.filter(({ id }) => id === entry.id))[0];
  return last !== undefined && isSameMember(entry, last, actual);
}

function create(desired: Desired, id: string, apis: readonly ApiEntry[]): ReleaseDecision {
  const added = apis.map((api): Action => ({ do: 'add api', migration: id, api }));
  return {
    kind: 'migrate',
    release: id,
    actions: [{ do: 'create migration', id, settings: settingsOf(desired) }, ...added],
  };
}

function update(
  desired: Desired,
  actual: Actual,
  current: VerboseMigration,
  wanted: readonly ApiEntry[],
): ReleaseDecision {
  const changes = changedSettings(settingsOf(desired, current.labels), current);
  const members = current.apis.filter(({ managed }) => managed !== true);
  const stays = (entry: ApiEntry): boolean =>
    members.some((member) => member.id === entry.id && isSameMember(entry, member, actual));
  const kept = wanted.filter(stays).map(({ id }) => id);
  const removed = members.filter(({ id }) => !kept.includes(id));
  const added = wanted.filter((entry) => !stays(entry));
  const actions: Action[] = [
    ...(Object.keys(changes).length === 0
      ? []
      : [{ do: 'update migration' as const, id: current.id, settings: changes }]),
    ...removed.map(({ id }) => ({ do: 'remove api' as const, migration: current.id, api: id })),
    ...added.map((api) => ({ do: 'add api' as const, migration: current.id, api })),
  ];
  const { run } = current;
  const hasChanges = actions.length > 0 || desired.sources.length > 0;
  // A release is not changed under its sync; an equal sync would be joined.
  if (run !== null && isUnderWay(run) && hasChanges) return { kind: 'watch', release: current.id, run };
  return { kind: 'migrate', release: current.id, actions };
}

/** A run in doubt holds its migration until a person has decided. */
function isUnderWay(run: Run): boolean {
  return !isSettled(run) || run.state === 'in_doubt';
}

/** What the file does not say stays as it is. */
function settingsOf(
  { line, description, labels, notes, parameters, options }: Desired,
  had: Labels = {},
): MigrationSettings {
  return {
    ...(description === undefined ? {} : { description }),
    labels: { ...(labels ?? had), [LINE_LABEL]: line },
    ...(notes === undefined ? {} : { notes }),
    parameters,
    options,
  };
}

function changedSettings(settings: MigrationSettings, current: VerboseMigration): Partial<MigrationSettings> {
  const known = current as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => !isSameJson(value, known[key])));
}

function isSameMember(entry: ApiEntry, api: Api, actual: Actual): boolean {
  const { migration } = api;
  if (migration === null) return false;
  const { bindings, stage, next } = migration;
  return (
    stage === entry.stage &&
    isSameJson(withUuids(entry.bindings, actual), bindings) &&
    isSameJson(nextOfEntry(entry, actual), next ?? undefined)
  );
}

function nextOfEntry({ next }: ApiEntry, actual: Actual): unknown {
  if (next === undefined) return undefined;
  const { bindings, ...rest } = next;
  return { ...rest, ...(bindings === undefined ? {} : { bindings: withUuids(bindings, actual) }) };
}

/** Bindings of the file as the service shows them: templates by their uuids. */
function withUuids(bindings: ApiEntry['bindings'], { templates }: Actual): Binding[] {
  return bindings.map(({ template, fields = {} }) => ({
    template: templates.get(template)?.uuid ?? template,
    fields: fields as Binding['fields'],
  }));
}
