import type { LockParticipant, LockView } from '@eden/domain';
import type { z } from 'zod';
import type { lockSchema } from '../schemas/lock.js';

type View = z.output<typeof lockSchema>;

function viewHolder({ process, purpose, since, fence, count }: LockParticipant): NonNullable<View['writer']> {
  return { process, purpose, since: since.toISOString(), count, ...(fence === undefined ? {} : { fence }) };
}

export function viewLock({ resource, writer, readers, waiting }: LockView): View {
  return {
    resource,
    writer: writer === null ? null : viewHolder(writer),
    readers: readers.map(viewHolder),
    waiting: waiting.map(viewHolder),
  };
}
