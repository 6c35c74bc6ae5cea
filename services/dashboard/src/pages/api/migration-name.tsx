import { useMigration } from '../../data/use-migration.js';
import { Link, path } from '../../navigation/link.js';

/** A migration as people know it, where the reader may see it and it is still there; else its uuid. */
export function MigrationName({ uuid }: { readonly uuid: string }) {
  const { data } = useMigration(uuid);
  return data === undefined ? (
    <code className="dim">{uuid}</code>
  ) : (
    <Link to={path('migrations', data.id)}>{data.id}</Link>
  );
}
