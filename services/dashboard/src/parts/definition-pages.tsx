import type { Connection } from '@eden/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useAction } from '../data/use-action.js';
import type { Key } from '../data/use-resource.js';
import { Link, path } from '../navigation/link.js';
import { TEXTS } from '../texts.js';
import { DraftForm, type DraftFormProps } from './draft-form.js';
import { Empty, Loaded } from './loaded.js';
import { PageHead } from './page-head.js';
import { useToast } from './toast.js';

/* What is written on a page of its own, and is known by an id then: a template, an API. */

type Changed = readonly Key[0][];

interface NewPageProps<Draft, Body> extends Pick<DraftFormProps<Draft>, 'initial' | 'fields' | 'unkept' | 'beside'> {
  readonly collection: string;
  readonly texts: { readonly title: string; readonly create: { readonly title: string; done: (id: string) => string } };
  readonly changes: Changed;
  /** @throws Error that says what cannot be sent */
  readonly bodyOf: (draft: Draft) => Body;
  readonly post: (http: Connection, body: Body) => Promise<unknown>;
}

/** One that is not there yet. */
export function NewPage<Draft extends object, Body extends { readonly id: string }>(props: NewPageProps<Draft, Body>) {
  const { collection, texts, changes, bodyOf, post, ...form } = props;
  const act = useAction();
  const say = useToast();
  const create = async (draft: Draft): Promise<string> => {
    const body = bodyOf(draft);
    await act((http) => post(http, body), changes);
    say(texts.create.done(body.id));
    return path(collection, body.id);
  };
  return (
    <>
      <PageHead title={texts.create.title} above={<Link to={path(collection)}>{texts.title}</Link>} />
      <DraftForm {...form} verb={TEXTS.definition.create} to={path(collection)} check={bodyOf} onSave={create} />
    </>
  );
}

interface Definition {
  readonly id: string;
  readonly actions: readonly string[];
}

interface ChangeProps<Item, Draft, Body> extends Pick<DraftFormProps<Draft>, 'fields' | 'unkept' | 'beside'> {
  readonly collection: string;
  readonly query: UseQueryResult<Item>;
  readonly changes: Changed;
  readonly consequences: readonly ReactNode[];
  readonly draftOf: (item: Item) => Draft;
  /** @throws Error that says what cannot be sent */
  readonly bodyOf: (draft: Draft, saved: Item) => Body;
  readonly patch: (http: Connection, body: Body) => Promise<unknown>;
}

interface ChangePageProps<Item, Draft, Body> extends ChangeProps<Item, Draft, Body> {
  readonly id: string;
}

/** One that is there, for those who may change it. */
export function ChangePage<Item extends Definition, Draft extends object, Body>({
  id,
  ...props
}: ChangePageProps<Item, Draft, Body>) {
  const { collection, query } = props;
  const begun = useBeginning(query);
  return (
    <>
      <PageHead title={TEXTS.definition.changeTitle(id)} above={<Link to={path(collection, id)}>{id}</Link>} />
      <Loaded query={query}>
        {() => {
          if (begun === undefined) return <p className="loading">{TEXTS.loading}</p>;
          return begun.actions.includes('update') ? (
            <ChangeForm {...props} begun={begun} />
          ) : (
            <Empty title={TEXTS.tooLow.what('Admin')} />
          );
        }}
      </Loaded>
    </>
  );
}

/** As it is when the page is opened: what another page has read before may be old, and what is read later takes nothing away that was written. */
function useBeginning<Item>({ data, isFetching }: UseQueryResult<Item>): Item | undefined {
  const [begun, setBegun] = useState<Item>();
  if (begun === undefined && data !== undefined && !isFetching) setBegun(data);
  return begun;
}

interface ChangeFormProps<Item, Draft, Body> extends ChangeProps<Item, Draft, Body> {
  readonly begun: Item;
}

function ChangeForm<Item extends Definition, Draft extends object, Body>(props: ChangeFormProps<Item, Draft, Body>) {
  const { begun, collection, query, changes, consequences, draftOf, bodyOf, patch, ...form } = props;
  const act = useAction();
  const say = useToast();
  const [known, setKnown] = useState(begun);
  const { id } = begun;
  const save = async (draft: Draft): Promise<string> => {
    const { data: saved = known } = await query.refetch();
    setKnown(saved);
    const others = differencesOf(draftOf(known), draftOf(saved));
    if (others.length > 0) throw new Error(TEXTS.definition.changedByOthers(others));
    await act((http) => patch(http, bodyOf(draft, saved)), changes);
    say(TEXTS.definition.changed(id));
    return path(collection, id);
  };
  return (
    <DraftForm
      {...form}
      initial={draftOf(begun)}
      verb={TEXTS.definition.save}
      to={path(collection, id)}
      confirm={{ title: TEXTS.definition.changeTitle(id), consequences }}
      check={(draft) => bodyOf(draft, known)}
      onSave={save}
    />
  );
}

/** The names of what is another way in the one than in the other. */
function differencesOf<Draft extends object>(before: Draft, after: Draft): readonly string[] {
  const names = Object.keys(before) as (keyof Draft & string)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
