import { describe, expect, it } from '@jest/globals';
import type {
  AheadStatement,
  NoticePlace,
  ParticipantSession,
  StatementResult,
  Template,
  TemplateSettings,
} from '@eden/domain';
import { queriesOf } from '@eden/domain';
import type { WorkBinding } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import { SentAhead, type Upcoming } from './sent-ahead.js';

/** Half of what may be on its way at once. */
const HALF = 'x'.repeat(128 * 1024);

/** A database that takes so many statements at once, and fails in those that say so. */
class Database {
  readonly asked: string[][] = [];

  constructor(private readonly most = Infinity) {}

  get session(): ParticipantSession {
    return { sendAhead: this.sendAhead } as unknown as ParticipantSession;
  }

  private readonly sendAhead = (statements: readonly AheadStatement[]) => {
    const texts = statements.map(({ statement }) => statement.text);
    this.asked.push(texts);
    const failed = texts.findIndex((text) => text === 'fail');
    const answerOf = (at: number): Promise<StatementResult> =>
      failed === -1 || at < failed ? Promise.resolve({ rows: [], rowCount: at }) : Promise.reject(new Error('failed'));
    return Promise.resolve(texts.slice(0, this.most).map((_, at) => answerOf(at)));
  };
}

/** What was rendered. */
const bound: string[] = [];

/** Compiles a text into as many operations as it has words; one that is `wrong` cannot be compiled. */
const deps = {
  templates: {
    compile: ({ body }: Template) => ({
      bind: () => {
        const texts = queriesOf(body).map(({ query }) => query);
        if (texts.includes('wrong')) throw new Error('wrong');
        bound.push(...texts);
        return { operations: texts.map((text) => ({ batch: null, render: () => ({ text, params: [] }) })) };
      },
    }),
  },
} as unknown as EngineDeps;

function binding(text: string, settings: TemplateSettings = {}): WorkBinding {
  const operations = text.split(' ').map((query) => ({ query }));
  const template = { uuid: text, id: text, version: 1, body: { operations }, settings };
  return { template, settings, text: 'template', binding: { fields: {} } } as unknown as WorkBinding;
}

/** Takes one after the other as a run does; answers which of them had been sent. */
async function take(upcoming: readonly (Upcoming | null)[]): Promise<readonly boolean[]> {
  const ahead = new SentAhead(deps, upcoming, () => undefined);
  const sent: boolean[] = [];
  for (const each of upcoming) {
    if (each === null) continue;
    const taken = await ahead.take(each.binding, []);
    sent.push(taken !== null);
    await taken?.answer.catch(() => undefined);
  }
  return sent;
}

describe('bindings are sent ahead', () => {
  const database = new Database();
  const { session, asked } = database;

  function at(one: ParticipantSession, text: string, settings?: TemplateSettings): Upcoming {
    return { binding: binding(text, settings), session: one, participant: 0, place: {} as NoticePlace };
  }

  it.each([
    ['as long as they follow one another', ['a', 'b', 'c'], {}, [['a', 'b', 'c']]],
    [
      'up to one that gives something',
      ['a', 'give', 'c', 'd'],
      { outputs: { n: 'row_count' } },
      [
        ['a', 'give'],
        ['c', 'd'],
      ],
    ],
    [
      'up to one that expects something',
      ['a', 'give', 'c', 'd'],
      { expect: { row_count: 1 } },
      [
        ['a', 'give'],
        ['c', 'd'],
      ],
    ],
    [
      'up to one with other limits',
      ['a', 'b', 'give', 'd', 'e'],
      { timeout_ms: 5 },
      [
        ['a', 'b'],
        ['d', 'e'],
      ],
    ],
    [
      'up to one of several statements',
      ['a', 'b', 'two words', 'd', 'e'],
      {},
      [
        ['a', 'b'],
        ['d', 'e'],
      ],
    ],
    [
      'up to one that cannot be made',
      ['a', 'b', 'wrong', 'd', 'e'],
      {},
      [
        ['a', 'b'],
        ['d', 'e'],
      ],
    ],
    [
      'up to one that failed, and from there on again',
      ['a', 'fail', 'c', 'd'],
      {},
      [
        ['a', 'fail', 'c', 'd'],
        ['c', 'd'],
      ],
    ],
    [
      'as many as are not too long together',
      [HALF, HALF, 'c', 'd'],
      {},
      [
        [HALF, HALF],
        ['c', 'd'],
      ],
    ],
    ['not alone', ['a'], {}, []],
  ])('%s', async (_, texts, settings: TemplateSettings, expected) => {
    asked.length = 0;
    await take(texts.map((text) => at(session, text, text === 'give' ? settings : {})));
    expect(asked).toEqual(expected);
  });

  it('to one database at a time, and not past what is no binding', async () => {
    const [one, other] = [new Database(), new Database()];
    const [first, second] = [one.session, other.session];
    await take([
      at(first, 'a'),
      at(first, 'b'),
      at(second, 'c'),
      at(second, 'd'),
      null,
      at(second, 'e'),
      at(second, 'f'),
    ]);
    expect([one.asked, other.asked]).toEqual([
      [['a', 'b']],
      [
        ['c', 'd'],
        ['e', 'f'],
      ],
    ]);
  });

  it('at most as many as are bounded, and what a database has not taken again', async () => {
    const many = new Database();
    const { session: wide } = many;
    await take(Array.from({ length: 70 }, (_, n) => at(wide, `${n}`)));
    expect(many.asked.map(({ length }) => length)).toEqual([64, 6]);
    const few = new Database(2);
    const { session: narrow } = few;
    expect(await take(['a', 'b', 'c', 'd'].map((text) => at(narrow, text)))).toEqual([true, true, true, true]);
    expect(few.asked).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
  });

  it('none of long texts, which are not rendered in vain', async () => {
    const { session: open, asked: sent } = new Database();
    bound.length = 0;
    await take(Array.from({ length: 5 }, (_, n) => at(open, `${HALF}${HALF}${n}`)));
    expect(sent).toEqual([]);
    expect(bound).toHaveLength(4);
  });

  it('to no database that takes none, which is asked once', async () => {
    const none = new Database(0);
    const { session: deaf } = none;
    expect(await take(['a', 'b', 'c'].map((text) => at(deaf, text)))).toEqual([false, false, false]);
    expect(none.asked).toHaveLength(1);
  });
});
