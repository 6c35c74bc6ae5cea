import type { Connection } from '@eden/client';
import type { ReactNode } from 'react';
import { path } from '../navigation/link.js';
import { TEXTS } from '../texts.js';
import type { Act } from './act-buttons.js';
import { Doing } from './doing.js';

const T = TEXTS.definition;

interface Deletion {
  readonly id: string;
  /** Where it was listed, and where to go when it is gone. */
  readonly collection: string;
  readonly consequences: readonly ReactNode[];
  readonly work: (http: Connection) => Promise<unknown>;
}

/** Says what goes with it, then deletes it and leads to where it was listed. */
export function deletion({ id, collection, ...more }: Deletion): Act & { readonly id: 'delete' } {
  const texts = { title: T.deleteTitle(id), verb: T.delete, done: T.deleted(id) };
  return {
    id: 'delete',
    verb: T.delete,
    dialog: (onClose) => (
      <Doing {...more} {...texts} isDangerous changes={[collection]} to={path(collection)} onClose={onClose} />
    ),
  };
}
