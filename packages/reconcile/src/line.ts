/** Releases of one line: `shop`, `shop-2`, `shop-3`, … */

/** 1 for the line's own name, N for `<line>-N`; null for what is of another line. */
export function positionIn(line: string, id: string): number | null {
  if (id === line) return 1;
  const suffix = id.startsWith(`${line}-`) ? id.slice(line.length + 1) : '';
  return /^[1-9]\d{0,8}$/.test(suffix) && Number(suffix) > 1 ? Number(suffix) : null;
}

/** The name of the release behind the newest of the line; of the line itself when there is none. */
export function nextOf(line: string, ids: readonly string[]): string {
  const newest = Math.max(0, ...ids.map((id) => positionIn(line, id) ?? 0));
  return newest === 0 ? line : `${line}-${newest + 1}`;
}

/** The newest of the line first; what is of another line is left out. */
export function newestFirst<Release extends { readonly id: string }>(
  line: string,
  releases: readonly Release[],
): Release[] {
  const placed = releases.flatMap((release) => {
    const position = positionIn(line, release.id);
    return position === null ? [] : [{ release, position }];
  });
  return placed.sort((a, b) => b.position - a.position).map(({ release }) => release);
}
