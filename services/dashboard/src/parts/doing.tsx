import type { Connection } from '@eden/client';
import { useAction } from '../data/use-action.js';
import type { Key } from '../data/use-resource.js';
import { useGoOn } from '../navigation/use-is-here.js';
import { Confirm, type ConfirmProps } from './confirm.js';
import { useToast } from './toast.js';

interface DoingProps extends Omit<ConfirmProps, 'onConfirm'> {
  readonly work: (http: Connection) => Promise<unknown>;
  /** What is read anew then, by the first words of its keys. */
  readonly changes: readonly Key[0][];
  /** What is told then. */
  readonly done: string;
  /** Where to go on; here, where it is absent. */
  readonly to?: string;
}

/** Says what it will do, does it, and tells that it is done. */
export function Doing({ work, changes, done, to, ...confirm }: DoingProps) {
  const act = useAction();
  const say = useToast();
  const goOn = useGoOn();
  const onConfirm = async (): Promise<void> => {
    await act(work, changes);
    say(done);
    if (to !== undefined) goOn(to);
  };
  return <Confirm {...confirm} onConfirm={onConfirm} />;
}
