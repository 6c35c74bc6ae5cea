import { Component, type ReactNode } from 'react';
import { TEXTS } from '../texts.js';

interface CrashState {
  readonly error: unknown;
}

/** A mistake in a page takes that page away, and nothing else. */
export class Crash extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { error: null };

  static getDerivedStateFromError(error: unknown): CrashState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="note note-error" role="alert">
        <p className="note-title">{TEXTS.errors.crash}</p>
        <p>{TEXTS.errors.crashAdvice}</p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
        <button type="button" className="button" onClick={() => location.reload()}>
          {TEXTS.errors.reload}
        </button>
      </div>
    );
  }
}
