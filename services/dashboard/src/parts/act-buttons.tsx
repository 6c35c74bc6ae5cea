import { useState, type ReactNode } from 'react';

export interface Act {
  readonly id: string;
  readonly verb: string;
  readonly isPrimary?: boolean;
  /** What it asks before it is done. */
  readonly dialog: (onClose: () => void) => ReactNode;
}

/** A button for each thing that can be done here, behind which its dialog stands. */
export function ActButtons({ acts }: { readonly acts: readonly Act[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const current = acts.find(({ id }) => id === open);
  return (
    <>
      {acts.map(({ id, verb, isPrimary = false }) => (
        <button key={id} type="button" className={isPrimary ? 'button primary' : 'button'} onClick={() => setOpen(id)}>
          {verb}
        </button>
      ))}
      {current?.dialog(() => setOpen(null))}
    </>
  );
}
