import { ChangePage, NewPage } from '../../parts/definition-pages.js';
import { TEXTS } from '../../texts.js';
import { DraftFields } from './draft-fields.js';
import { Preview } from './preview.js';
import { changesTo, draftOf, NEW_DRAFT, newTemplate, type Draft } from './template-draft.js';
import { useTemplate } from './use-template.js';
import './editor.css';

const KIND = {
  collection: 'templates',
  changes: ['templates', 'template'],
  // Values for the preview are not kept in any case.
  unkept: ['values'],
  beside: (draft: Draft) => <Preview draft={draft} />,
} as const;

/** A template is written here, with what it becomes beside it. */
export default function EditorPage({ template: id }: { readonly template?: string }) {
  return id === undefined ? <NewTemplatePage /> : <ChangeTemplatePage id={id} />;
}

function NewTemplatePage() {
  return (
    <NewPage
      {...KIND}
      texts={TEXTS.templates}
      initial={NEW_DRAFT}
      bodyOf={newTemplate}
      post={(http, body) => http.POST('/api/v1/templates', { body })}
      fields={(draft, onChange) => <DraftFields {...{ draft, onChange }} isNew />}
    />
  );
}

function ChangeTemplatePage({ id }: { readonly id: string }) {
  return (
    <ChangePage
      {...KIND}
      id={id}
      query={useTemplate(id)}
      consequences={TEXTS.template.changeWhat}
      draftOf={draftOf}
      bodyOf={changesTo}
      patch={(http, body) => http.PATCH('/api/v1/templates/{template}', { params: { path: { template: id } }, body })}
      fields={(draft, onChange) => <DraftFields {...{ draft, onChange }} isNew={false} />}
    />
  );
}
