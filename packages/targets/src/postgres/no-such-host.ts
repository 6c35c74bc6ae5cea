import type { SessionAttrs } from '@eden/domain';

/** A host that answers, and does not do what is asked of it. */
export class NoSuchHost extends Error {
  override readonly name = 'NoSuchHost';

  constructor(attrs: SessionAttrs) {
    super(`no host is ${attrs}`);
  }
}
