import type { Migration } from '@eden/client';
import { useList } from '../../data/use-resource.js';
import { Listed } from '../../parts/listed.js';
import { Empty } from '../../parts/loaded.js';
import { TEXTS } from '../../texts.js';
import { RUN_COLUMNS } from '../runs/columns.js';

/** Every run of the migration, the latest first. */
export function HistoryPart({ migration: { id, uuid } }: { readonly migration: Migration }) {
  const list = useList({
    key: ['runs', uuid],
    page: (http, query, signal) =>
      http.GET('/api/v1/migrations/{migration}/runs', { params: { path: { migration: id }, query }, signal }),
  });
  return (
    <Listed
      {...{ list, label: TEXTS.runs.list, columns: RUN_COLUMNS }}
      keyOf={({ uuid: run }) => run}
      empty={<Empty title={TEXTS.migration.noRun} />}
    />
  );
}
