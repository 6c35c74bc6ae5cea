import { useMutation } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { useLiveState } from './data/live.js';
import { useShortcut } from './keyboard/keyboard.js';
import { ShortcutHelp } from './keyboard/shortcut-help.js';
import { Link } from './navigation/link.js';
import { THEMES, useTheme, type Theme } from './navigation/theme.js';
import { NAVIGATION, PAGES, type Destination } from './pages/index.js';
import { Crash } from './parts/crash.js';
import { ErrorNote } from './parts/error-note.js';
import { Empty } from './parts/loaded.js';
import { PageHead } from './parts/page-head.js';
import type { Caller } from './session/session.js';
import { LoginAgain } from './session/login-page.js';
import { hasLevel, useCaller, useSession } from './session/use-session.js';
import { TEXTS } from './texts.js';

/** What stands around every page: where one can go, who one is, whether it is live. */
export function Shell() {
  const [place] = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [place]);
  const main = useFocusOnArrival(place);
  return (
    <div className={isOpen ? 'shell shell-open' : 'shell'}>
      <a className="skip" href="#content">
        {TEXTS.skip}
      </a>
      <Rail isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
      <main id="content" ref={main}>
        <Crash key={place}>
          <Suspense fallback={<p className="loading">{TEXTS.loading}</p>}>
            <Pages />
          </Suspense>
        </Crash>
      </main>
      <ShortcutHelp />
      <LoginAgain />
    </div>
  );
}

function Pages() {
  const caller = useCaller();
  return (
    <Switch>
      {PAGES.map(({ route, page: Page, level }) => (
        <Route key={route} path={route}>
          {(values) =>
            hasLevel(caller, level) ? <Page {...(values as Record<string, string>)} /> : <TooLow level={level} />
          }
        </Route>
      ))}
      <Route>
        <PageHead title={TEXTS.nowhere.title} />
        <Empty title={TEXTS.nowhere.what}>
          <Link to="/">{TEXTS.nowhere.home}</Link>
        </Empty>
      </Route>
    </Switch>
  );
}

function TooLow({ level }: { readonly level: Caller['level'] }) {
  return (
    <>
      <PageHead title={TEXTS.tooLow.title} />
      <Empty title={TEXTS.tooLow.what(level)}>
        <p>{TEXTS.tooLow.advice}</p>
      </Empty>
    </>
  );
}

/** Whoever goes to another page by keyboard begins at its top, not where the old one's link was. */
function useFocusOnArrival(place: string): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const page = place.split('/').slice(0, 3).join('/');
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    window.scrollTo(0, 0);
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [page]);
  return main;
}

function Rail({ isOpen, onToggle }: { readonly isOpen: boolean; readonly onToggle: () => void }) {
  const caller = useCaller();
  return (
    <header className="rail">
      <div className="rail-head">
        <Link to="/" className="wordmark">
          {TEXTS.product}
        </Link>
        <span className="rail-organization" title={caller.organization}>
          {caller.organization}
        </span>
        <button type="button" className="rail-toggle button" aria-expanded={isOpen} onClick={onToggle}>
          {TEXTS.menu}
        </button>
      </div>
      <nav className="rail-body" aria-label={TEXTS.navigation}>
        {NAVIGATION.map(({ title, places }) => {
          const open = places.filter(({ level }) => hasLevel(caller, level));
          return open.length === 0 ? null : (
            <section key={title}>
              <h2>{title}</h2>
              <ul>
                {open.map((destination) => (
                  <Place key={destination.to} {...destination} />
                ))}
              </ul>
            </section>
          );
        })}
      </nav>
      <RailFoot />
    </header>
  );
}

function Place({ to, label, letter, root }: Destination) {
  const [place, navigate] = useLocation();
  useShortcut(`g ${letter}`, TEXTS.keys.goTo(label), () => navigate(to));
  const isHere = place === to || (root !== undefined && place.startsWith(root));
  return (
    <li>
      <Link to={to} aria-current={isHere ? 'page' : undefined}>
        {label}
      </Link>
    </li>
  );
}

function RailFoot() {
  const caller = useCaller();
  const session = useSession();
  const live = useLiveState();
  const [theme, setTheme] = useTheme();
  const leaving = useMutation({ mutationFn: () => session.logOut() });
  return (
    <div className="rail-foot">
      <p className={`live live-${live}`} role="status">
        {TEXTS.live[live]}
      </p>
      <label className="theme">
        <span>{TEXTS.theme.label}</span>
        <select value={theme} onChange={({ target }) => setTheme(target.value as Theme)}>
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {TEXTS.theme[name]}
            </option>
          ))}
        </select>
      </label>
      <p className="rail-who">
        {caller.name} <span className="dim">{caller.level}</span>
      </p>
      {leaving.isError && <ErrorNote error={leaving.error} />}
      <button type="button" className="button" onClick={() => leaving.mutate()}>
        {TEXTS.login.out}
      </button>
    </div>
  );
}
