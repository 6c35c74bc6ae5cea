import { TEXTS } from '../texts.js';
import { Copied } from './copied.js';
import { Dialog } from './dialog.js';

interface SecretOnceProps {
  readonly title: string;
  readonly label: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** A secret that the service does not say again: the dialog cannot be left by mistake. */
export function SecretOnce({ title, label, secret, onClose }: SecretOnceProps) {
  return (
    <Dialog title={title} onClose={onClose} isForced>
      <div className="secret">
        <p>{TEXTS.secret.once}</p>
        <Copied label={label} text={secret} />
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button primary" onClick={onClose}>
          {TEXTS.secret.kept}
        </button>
      </footer>
    </Dialog>
  );
}
