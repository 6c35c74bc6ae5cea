import { useContext, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { TEXTS } from '../texts.js';
import { KeyboardContext, useShortcut } from './keyboard.js';

/** `?` tells which keys work here. */
export function ShortcutHelp() {
  const keyboard = useContext(KeyboardContext);
  const [isOpen, setOpen] = useState(false);
  useShortcut('?', TEXTS.keys.help, () => setOpen(true));
  if (!isOpen) return null;
  return (
    <Dialog title={TEXTS.keys.title} onClose={() => setOpen(false)}>
      <dl className="shortcuts">
        {keyboard.list().map(({ keys, says }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
