import { lazy, type ComponentType } from 'react';
import type { Caller } from '../session/session.js';
import { TEXTS } from '../texts.js';

/*
 * Every page, and every place of the menu. A page is a folder beside this file, loaded when somebody goes there; what its
 * path has behind a colon are its properties.
 */

interface PageEntry {
  readonly route: string;
  // Each page names its own.
  readonly page: ComponentType<Record<string, string>>;
  /** Who has less is told so, in place of the page. */
  readonly level: Caller['level'];
}

export interface Destination {
  readonly to: string;
  readonly label: string;
  /** `g` and this letter lead there. */
  readonly letter: string;
  /** Who may not go there does not see it. */
  readonly level: Caller['level'];
  /** Places below it, which count as being there. */
  readonly root?: string;
}

interface Group {
  readonly title: string;
  readonly places: readonly Destination[];
}

export const PAGES: readonly PageEntry[] = [
  page('/', () => import('./releases/releases-page.js')),
  page('/migrations/:migration/:part?', () => import('./migration/migration-page.js')),
  page('/runs', () => import('./runs/runs-page.js')),
  page('/runs/:run', () => import('./run/run-page.js')),
  page('/endpoints', () => import('./endpoints/endpoints-page.js')),
  page('/endpoints/:endpoint', () => import('./endpoint/endpoint-page.js')),
  page('/templates', () => import('./templates/templates-page.js')),
  page('/templates/:template', () => import('./template/template-page.js')),
  page('/templates/:template/edit', () => import('./template/editor-page.js')),
  // Beside the templates and APIs, of which one may be called new.
  page('/new/template', () => import('./template/editor-page.js'), 'Admin'),
  page('/apis', () => import('./apis/apis-page.js')),
  page('/apis/:api', () => import('./api/api-page.js')),
  page('/apis/:api/edit', () => import('./api/editor-page.js')),
  page('/new/api', () => import('./api/editor-page.js'), 'Admin'),
  page('/grants/:collection/:id', () => import('./grants/grants-page.js')),
  page('/audit', () => import('./audit/audit-page.js'), 'Admin'),
  page('/users', () => import('./users/users-page.js'), 'Admin'),
  page('/users/:user', () => import('./user/user-page.js'), 'Admin'),
  page('/revocations', () => import('./revocations/revocations-page.js'), 'Admin'),
  page('/robots', () => import('./robots/robots-page.js'), 'Admin'),
  page('/robots/:robot', () => import('./robot/robot-page.js'), 'Admin'),
  page('/hooks', () => import('./hooks/hooks-page.js'), 'Admin'),
  page('/hooks/:hook', () => import('./hook/hook-page.js'), 'Admin'),
  page('/webhooks', () => import('./webhooks/webhooks-page.js'), 'Admin'),
  page('/webhooks/:webhook', () => import('./webhook/webhook-page.js'), 'Admin'),
];

export const NAVIGATION: readonly Group[] = [
  {
    title: TEXTS.menus.work,
    places: [
      { to: '/', label: TEXTS.releases.title, letter: 'm', level: 'Read', root: '/migrations/' },
      { to: '/runs', label: TEXTS.runs.title, letter: 'r', level: 'Read', root: '/runs/' },
    ],
  },
  {
    title: TEXTS.menus.definitions,
    places: [
      { to: '/endpoints', label: TEXTS.endpoints.title, letter: 'e', level: 'Read', root: '/endpoints/' },
      { to: '/templates', label: TEXTS.templates.title, letter: 't', level: 'Read', root: '/templates/' },
      { to: '/apis', label: TEXTS.apis.title, letter: 'a', level: 'Read', root: '/apis/' },
    ],
  },
  {
    title: TEXTS.menus.access,
    places: [
      { to: '/audit', label: TEXTS.audit.title, letter: 'l', level: 'Admin' },
      { to: '/users', label: TEXTS.users.title, letter: 'u', level: 'Admin', root: '/users/' },
      { to: '/revocations', label: TEXTS.revocations.title, letter: 'v', level: 'Admin' },
      { to: '/robots', label: TEXTS.robots.title, letter: 'b', level: 'Admin', root: '/robots/' },
      { to: '/hooks', label: TEXTS.hooks.title, letter: 'h', level: 'Admin', root: '/hooks/' },
      { to: '/webhooks', label: TEXTS.webhooks.title, letter: 'w', level: 'Admin', root: '/webhooks/' },
    ],
  },
];

function page<Properties>(
  route: string,
  load: () => Promise<{ default: ComponentType<Properties> }>,
  level: Caller['level'] = 'Read',
): PageEntry {
  return { route, page: lazy(load) as unknown as PageEntry['page'], level };
}
