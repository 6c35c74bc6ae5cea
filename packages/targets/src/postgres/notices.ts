import { cutWords, type FurtherNotices, type Notice } from '@eden/domain';
import type { GuardedClient } from './guard/guarded-client.js';

/** What is passed on of one statement, beyond which notices are only counted. */
const MOST_OF_STATEMENT = 50;
const MOST_CHARACTERS_OF_STATEMENT = 32 * 1024;

/** Longest message, and longest text beside it, in characters. */
const LONGEST_MESSAGE = 1_000;
const LONGEST_ASIDE = 500;

/** The driver's, each of whose fields the server may leave out. */
interface NoticeFields {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
}

/** Passes on what a server says beside its answers: of each statement a bounded part, and the number of the rest. */
export class NoticeTap {
  private passed = 0;
  private characters = 0;
  private further = 0;
  private unreadBefore = 0;

  constructor(
    private readonly client: GuardedClient,
    private readonly pass: (notice: Notice | FurtherNotices) => void,
  ) {
    client.on('notice', (notice: NoticeFields) => this.hear(notice));
  }

  /** A statement begins. */
  begin(): void {
    this.passed = 0;
    this.characters = 0;
    this.further = 0;
    this.unreadBefore = this.client.guarded.unreadNotices;
  }

  /** It has ended, in whatever way. Says nothing the second time. */
  end(): void {
    const further = this.further + this.client.guarded.unreadNotices - this.unreadBefore;
    this.begin();
    if (further > 0) this.pass({ further });
  }

  private hear(fields: NoticeFields): void {
    const notice = noticeOf(fields);
    this.passed += 1;
    this.characters += JSON.stringify(notice).length;
    if (this.passed > MOST_OF_STATEMENT || this.characters > MOST_CHARACTERS_OF_STATEMENT) this.further += 1;
    else this.pass(notice);
  }
}

function noticeOf({ severity, code, message, detail, hint, where }: NoticeFields): Notice {
  const asides = Object.entries({ detail, hint, where });
  const told = asides.flatMap(([name, words]) => (words === undefined ? [] : [[name, cutWords(words, LONGEST_ASIDE)]]));
  return {
    severity: cutWords(severity ?? 'NOTICE', 20),
    sqlstate: cutWords(code ?? '00000', 5),
    message: cutWords(message ?? '', LONGEST_MESSAGE),
    ...Object.fromEntries(told),
  };
}
