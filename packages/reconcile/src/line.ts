/*
 * Releases of one line: `shop`, `shop-2`, `shop-3`, … By their names alone `shop-2` may as well be the first release of a line
 * of its own, so each says in a label whose it is.
 */

export const LINE_LABEL = 'eden.dev/line';

export type Labels = Readonly<Record<string, string>>;

export interface Named {
  readonly id: string;
  readonly labels: Labels;
}

/** 1 for the name itself, N for `<name>-N`; null for what is called otherwise. */
export function positionIn(name: string, id: string): number | null {
  if (id === name) return 1;
  const suffix = id.startsWith(`${name}-`) ? id.slice(name.length + 1) : '';
  return /^[1-9]\d{0,8}$/.test(suffix) && Number(suffix) > 1 ? Number(suffix) : null;
}

/**
 * The releases of a line that are called `name`, `name-2`, …, the newest first. One without the label, made by hand or before
 * there were any, counts where the one before it does.
 */
export function newestFirst<Release extends Named>(line: string, releases: readonly Release[], name = line): Release[] {
  const own: { readonly release: Release; readonly position: number }[] = [];
  for (const { release, position } of inOrder(name, releases)) {
    const isNext = position === (own[0]?.position ?? 0) + 1;
    if (lineOf(release, isNext ? line : undefined) === line) own.unshift({ release, position });
  }
  return own.map(({ release }) => release);
}

/** A name that nobody has, behind all that may be of the line. */
export function nextOf(line: string, releases: readonly Named[], name = line): string {
  const positions = inOrder(name, releases).flatMap(({ release, position }) =>
    lineOf(release, line) === line ? [position] : [],
  );
  const taken = new Set(releases.map(({ id }) => id));
  let position = (positions.at(-1) ?? 0) + 1;
  while (taken.has(nameAt(name, position))) position += 1;
  return nameAt(name, position);
}

function nameAt(name: string, position: number): string {
  return position === 1 ? name : `${name}-${position}`;
}

function lineOf({ labels }: Named, otherwise: string | undefined): string | undefined {
  return labels[LINE_LABEL] ?? otherwise;
}

function inOrder<Release extends Named>(name: string, releases: readonly Release[]) {
  const placed = releases.flatMap((release) => {
    const position = positionIn(name, release.id);
    return position === null ? [] : [{ release, position }];
  });
  return placed.sort((a, b) => a.position - b.position);
}
