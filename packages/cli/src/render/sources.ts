import type { Source } from '@eden/client';
import { renderTable } from './table.js';

/** Every file in every database, as the service has last seen it; what is applied already is only counted. */
export function renderSources(sources: readonly Source[]): string {
  const rows = sources.flatMap(({ id, endpoint_id: endpoint, tool, files }) => {
    const applied = files.filter(({ state }) => state === 'applied').length;
    const others = files.filter(({ state }) => state !== 'applied');
    const count =
      applied === 0 ? [] : [[endpoint, id, tool, `${applied} file${applied === 1 ? '' : 's'}`, 'applied', null]];
    return [
      ...count,
      ...others.map(({ path, state, reason }) => [endpoint, id, tool, path, state ?? 'not looked at', reason]),
    ];
  });
  return renderTable(['ENDPOINT', 'SOURCE', 'TOOL', 'FILE', 'STATE', 'WHY'], rows);
}
