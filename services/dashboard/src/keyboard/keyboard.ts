import { createContext, useContext, useEffect, useRef } from 'react';

/*
 * Keys that work wherever nobody is typing: one (`/`), or two in a row (`g m`). The first who has asked for a key has
 * it: of two lists on a page the upper one.
 */

interface Shortcut {
  readonly keys: string;
  readonly says: string;
  readonly run: () => void;
}

/** Between the two of a pair. */
const PAIR_MS = 1_200;

export class Keyboard {
  private readonly shortcuts: Shortcut[] = [];
  private first: { readonly key: string; readonly at: number } | null = null;

  /** @returns the way to take it back */
  add(shortcut: Shortcut): () => void {
    this.shortcuts.push(shortcut);
    return () => void this.shortcuts.splice(this.shortcuts.indexOf(shortcut), 1);
  }

  /** What works now, as the reader is told. */
  list(): readonly Pick<Shortcut, 'keys' | 'says'>[] {
    const latest = new Map(this.shortcuts.map((shortcut) => [shortcut.keys, shortcut]));
    return [...latest.values()];
  }

  readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isForOthers(event)) return;
    const { key } = event;
    const first = this.first !== null && event.timeStamp - this.first.at < PAIR_MS ? this.first.key : null;
    const shortcut = this.find(first === null ? key : `${first} ${key}`) ?? this.find(key);
    this.first = shortcut === undefined ? { key, at: event.timeStamp } : null;
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  };

  private find(keys: string): Shortcut | undefined {
    return this.shortcuts.find((shortcut) => shortcut.keys === keys);
  }
}

/** Letters belong to fields, dialogs have keys of their own, and so has the browser. */
function isForOthers({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  return target instanceof Element && target.closest('input, textarea, select, dialog, [contenteditable]') !== null;
}

export const KeyboardContext = createContext(new Keyboard());

/** Makes a key work for as long as this is on the page. */
export function useShortcut(keys: string, says: string, run: () => void): void {
  const keyboard = useContext(KeyboardContext);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => keyboard.add({ keys, says, run: () => latest.current() }), [keyboard, keys, says]);
}
