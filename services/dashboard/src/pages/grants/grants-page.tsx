import { useState } from 'react';
import { useAction } from '../../data/use-action.js';
import { useResource } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { Confirm } from '../../parts/confirm.js';
import { Doing } from '../../parts/doing.js';
import { SelectField, TextField, textOf } from '../../parts/fields.js';
import { ListTable, type Column } from '../../parts/list-table.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { useToast } from '../../parts/toast.js';
import { TEXTS } from '../../texts.js';
import { deleteGrant, GRANT_LEVELS, isCollection, putGrant, readGrants, type Grant, type Resource } from './grants.js';

const T = TEXTS.grants;

/** Who has another level on this resource than in the organization. */
export default function GrantsPage({ collection, id }: { readonly collection: string; readonly id: string }) {
  if (!isCollection(collection)) {
    return (
      <>
        <PageHead title={TEXTS.nowhere.title} />
        <Empty title={TEXTS.nowhere.what} />
      </>
    );
  }
  return <GrantsOn resource={{ collection, id }} />;
}

function GrantsOn({ resource }: { readonly resource: Resource }) {
  const { collection, id } = resource;
  const [open, setOpen] = useState<Grant | 'new' | null>(null);
  const [removed, setRemoved] = useState<Grant | null>(null);
  const query = useResource({
    key: ['grants', collection, id],
    read: (http, signal) => readGrants(http, resource, signal),
  });
  return (
    <>
      <PageHead
        title={T.titleOn(id)}
        above={<Link to={path(collection, id)}>{id}</Link>}
        actions={query.data !== undefined && <GiveButton onClick={() => setOpen('new')} />}
      />
      <p className="lead dim">{T.what}</p>
      <Loaded query={query}>
        {({ subjects }) =>
          subjects.length === 0 ? (
            <Empty title={T.empty}>
              <p>{T.emptyAdvice}</p>
            </Empty>
          ) : (
            <ListTable
              label={T.list(id)}
              items={subjects}
              columns={columnsWith(setOpen, setRemoved)}
              keyOf={([subject]) => subject}
            />
          )
        }
      </Loaded>
      {open !== null && <Give {...{ resource }} grant={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      {removed !== null && <Take {...{ resource }} grant={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

function GiveButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" className="button primary" onClick={onClick}>
      {T.give.verb}
    </button>
  );
}

function columnsWith(change: (grant: Grant) => void, remove: (grant: Grant) => void): readonly Column<Grant>[] {
  return [
    {
      id: 'subject',
      title: T.columns.subject,
      width: 'minmax(180px, 2fr)',
      cell: (grant) => (
        <button type="button" className="link" onClick={() => change(grant)}>
          {grant[0]}
        </button>
      ),
    },
    { id: 'level', title: T.columns.level, width: 'minmax(120px, 1fr)', cell: ([, level]) => T.levels[level] },
    {
      id: 'take',
      title: T.take.verb,
      width: '120px',
      cell: (grant) => (
        <button type="button" className="link link-act" onClick={() => remove(grant)}>
          {T.take.verb}
        </button>
      ),
    },
  ];
}

interface GiveProps {
  readonly resource: Resource;
  /** The one that is changed; null: another. */
  readonly grant: Grant | null;
  readonly onClose: () => void;
}

function Give({ resource, grant, onClose }: GiveProps) {
  const act = useAction();
  const say = useToast();
  const give = async (form: FormData): Promise<void> => {
    const given: Grant = [grant?.[0] ?? textOf(form, 'subject'), textOf(form, 'level') as Grant[1]];
    await act((http) => putGrant(http, resource, given), ['grants', resource.collection]);
    say(T.give.done(given[0]));
  };
  return (
    <Confirm
      title={grant === null ? T.give.title(resource.id) : T.give.change(grant[0])}
      consequences={T.give.consequences}
      verb={T.give.verb}
      onConfirm={give}
      onClose={onClose}
    >
      {grant === null && (
        <TextField label={T.columns.subject} hint={T.subjectHint} name="subject" required data-first maxLength={264} />
      )}
      <SelectField
        label={T.columns.level}
        name="level"
        defaultValue={grant?.[1] ?? 'Read'}
        options={GRANT_LEVELS.map((value) => ({ value, says: T.levels[value] }))}
      />
    </Confirm>
  );
}

interface TakeProps {
  readonly resource: Resource;
  readonly grant: Grant;
  readonly onClose: () => void;
}

function Take({ resource, grant: [subject], onClose }: TakeProps) {
  return (
    <Doing
      title={T.take.title(subject)}
      consequences={T.take.what}
      verb={T.take.verb}
      isDangerous
      work={(http) => deleteGrant(http, resource, subject)}
      changes={['grants', resource.collection]}
      done={T.take.done(subject)}
      onClose={onClose}
    />
  );
}
