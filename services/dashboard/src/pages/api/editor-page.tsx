import { ChangePage, NewPage } from '../../parts/definition-pages.js';
import { TEXTS } from '../../texts.js';
import { changesTo, draftOf, NEW_API, newApi } from './api-draft.js';
import { ApiFields } from './draft-fields.js';
import { useApi } from './use-api.js';

const KIND = { collection: 'apis', changes: ['apis', 'api'] } as const;

/** An API is written here: what it takes, and what it runs with that. */
export default function EditorPage({ api: id }: { readonly api?: string }) {
  return id === undefined ? <NewApiPage /> : <ChangeApiPage id={id} />;
}

function NewApiPage() {
  return (
    <NewPage
      {...KIND}
      texts={TEXTS.apis}
      initial={NEW_API}
      bodyOf={newApi}
      post={(http, body) => http.POST('/api/v1/apis', { body })}
      fields={(draft, onChange, mistakeAt) => <ApiFields {...{ draft, onChange, mistakeAt }} isNew />}
    />
  );
}

function ChangeApiPage({ id }: { readonly id: string }) {
  return (
    <ChangePage
      {...KIND}
      id={id}
      query={useApi(id)}
      consequences={TEXTS.api.changeWhat}
      draftOf={draftOf}
      bodyOf={changesTo}
      patch={(http, body) => http.PATCH('/api/v1/apis/{api}', { params: { path: { api: id } }, body })}
      fields={(draft, onChange, mistakeAt) => <ApiFields {...{ draft, onChange, mistakeAt }} isNew={false} />}
    />
  );
}
