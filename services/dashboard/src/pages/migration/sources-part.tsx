import type { Migration, Source } from '@eden/client';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useConnection } from '../../data/connection.js';
import { useResource } from '../../data/use-resource.js';
import { bytes } from '../../parts/bytes.js';
import { Code } from '../../parts/code.js';
import { Dialog } from '../../parts/dialog.js';
import { ErrorNote } from '../../parts/error-note.js';
import { ListTable, type Column } from '../../parts/list-table.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { StateMark } from '../../parts/state-mark.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.migration;
type File = Source['files'][number];

/** The folders of the migration, file by file, as their databases have them. */
export function SourcesPart({ migration: { id, uuid } }: { readonly migration: Migration }) {
  const sources = useResource({
    key: ['sources', uuid],
    read: (http, signal) =>
      http.GET('/api/v1/migrations/{migration}/sources', { params: { path: { migration: id } }, signal }),
  });
  return (
    <Loaded query={sources}>
      {(all) =>
        all.length === 0 ? (
          <Empty title={T.noSources}>
            <p>{T.noSourcesAdvice}</p>
            <pre>{TEXTS.releases.emptyCommand}</pre>
          </Empty>
        ) : (
          all.map((source) => <SourceView key={source.uuid} migration={id} migrationUuid={uuid} source={source} />)
        )
      }
    </Loaded>
  );
}

interface SourceViewProps {
  readonly migration: string;
  readonly migrationUuid: string;
  readonly source: Source;
}

function SourceView({ migration, migrationUuid, source }: SourceViewProps) {
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => columnsFor(setOpen), []);
  return (
    <section className="block">
      <div className="block-head">
        <h2>
          {source.id} <span className="count">{source.files.length}</span>
        </h2>
        <span className="dim">
          {source.tool} · {source.endpoint_id}
          {source.checked_at !== null && (
            <>
              {' '}
              · {T.checked} <Age at={source.checked_at} />
            </>
          )}
        </span>
        <LookNow migration={migration} migrationUuid={migrationUuid} source={source.id} />
      </div>
      <ListTable
        label={`${T.files}: ${source.id}`}
        items={source.files}
        columns={columns}
        keyOf={({ path, version }) => `${path} ${version ?? ''}`}
      />
      {open !== null && <FileText {...{ migration, source: source.id, file: open }} onClose={() => setOpen(null)} />}
    </section>
  );
}

function columnsFor(open: (file: string) => void): readonly Column<File>[] {
  const { fileColumns: titles } = T;
  return [
    {
      id: 'file',
      title: titles.file,
      width: 'minmax(200px, 3fr)',
      cell: ({ path: file, size }) =>
        size === null ? (
          <code>{file}</code>
        ) : (
          <button type="button" className="link mono" onClick={() => open(file)}>
            {file}
          </button>
        ),
    },
    {
      id: 'state',
      title: titles.state,
      width: '110px',
      cell: ({ state }) => (state === null ? TEXTS.none : <StateMark state={state} />),
    },
    {
      id: 'reason',
      title: titles.reason,
      width: 'minmax(100px, 2fr)',
      cell: ({ reason }) => <span title={reason ?? undefined}>{reason}</span>,
    },
    {
      id: 'size',
      title: titles.size,
      width: '80px',
      isNumber: true,
      cell: ({ size }) => (size === null ? '' : bytes(size)),
    },
  ];
}

/** Reads the history in the database itself. */
function LookNow({ migration, migrationUuid, source }: Omit<SourceViewProps, 'source'> & { readonly source: string }) {
  const http = useConnection();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const look = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { data } = await http.GET('/api/v1/migrations/{migration}/sources/{source}', {
        params: { path: { migration, source }, query: { live: 'true' } },
      });
      queries.setQueryData<Source[]>(['sources', migrationUuid], (known) =>
        known?.map((one) => (one.id === source && data !== undefined ? data.data : one)),
      );
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" className="button" aria-disabled={isBusy} onClick={() => void (!isBusy && look())}>
        {isBusy ? T.looking : T.live}
      </button>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}

interface FileTextProps {
  readonly migration: string;
  readonly source: string;
  readonly file: string;
  readonly onClose: () => void;
}

function FileText({ migration, source, file, onClose }: FileTextProps) {
  const text = useResource({
    key: ['source-file', migration, source, file],
    read: (http, signal) =>
      http.GET('/api/v1/migrations/{migration}/sources/{source}/files/{path}', {
        params: { path: { migration, source, path: file } },
        signal,
      }),
  });
  return (
    <Dialog title={file} onClose={onClose} wide>
      <Loaded query={text}>
        {({ text: content, base64 }) => <Code text={content ?? base64} label={T.fileText(file)} />}
      </Loaded>
    </Dialog>
  );
}
