import type { ReplyPredicate } from '@eden/testkit';
import type { NetworkUnderTest } from '../../../targets/src/testing/conformance/kind-under-test.js';
import { Server } from '../schedule/network.js';
import type { TargetSession } from '../targets/target-session.js';
import type { Link } from '../targets/target-way.js';

/** A way to a target that fails when it is told to. */
export class FragileLink extends Server implements Link, NetworkUnderTest {
  private readonly sessions = new Set<TargetSession>();

  constructor(
    readonly port: number,
    private readonly loseReply: (matches: ReplyPredicate) => Promise<void>,
  ) {
    super(`link ${port}`);
  }

  opened(session: TargetSession): void {
    this.sessions.add(session);
  }

  cut(): void {
    for (const session of this.sessions) session.end();
  }

  /** The reply is known by the name of what was asked for. */
  dropReply(matches: ReplyPredicate): Promise<void> {
    return this.loseReply(matches);
  }

  pause(): void {
    this.silentUntil = Infinity;
  }

  pauseOpen(): void {
    this.pause();
  }

  resume(): void {
    this.silentUntil = 0;
  }

  stop(): Promise<void> {
    this.cut();
    return Promise.resolve();
  }
}
