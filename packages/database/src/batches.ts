interface Batch<Question, Answer> {
  readonly questions: Map<string, Question>;
  readonly answers: Promise<ReadonlyMap<string, Answer>>;
}

/**
 * Many questions with one query: those that come while a query is under way share the next one. No answer is kept, and
 * a query begins after the last of its questions has come, so whatever was written before a question came is seen by it.
 */
export class Batches<Question, Answer> {
  private waiting: Batch<Question, Answer> | undefined;
  private underWay: Promise<unknown> | undefined;

  /** `answer` gives one for each question, in their order; undefined where there is none. */
  constructor(
    private readonly keyOf: (question: Question) => string,
    private readonly answer: (questions: readonly Question[]) => Promise<readonly (Answer | undefined)[]>,
  ) {}

  async ask(question: Question): Promise<Answer | null> {
    this.waiting ??= this.openBatch();
    const { questions, answers } = this.waiting;
    const key = this.keyOf(question);
    questions.set(key, question);
    return (await answers).get(key) ?? null;
  }

  /** When the query under way fails, so do those who waited for it: they would only find out later, one by one. */
  private openBatch(): Batch<Question, Answer> {
    const questions = new Map<string, Question>();
    const turn = this.underWay ?? Promise.resolve();
    const answers = turn.finally(() => (this.waiting = undefined)).then(() => this.answerAll(questions));
    return { questions, answers };
  }

  private async answerAll(questions: ReadonlyMap<string, Question>): Promise<ReadonlyMap<string, Answer>> {
    const underWay = this.answer([...questions.values()]);
    this.underWay = underWay;
    try {
      const answers = await underWay;
      return new Map(
        [...questions.keys()].flatMap((key, index) => {
          const answer = answers[index];
          return answer === undefined ? [] : [[key, answer]];
        }),
      );
    } finally {
      if (this.underWay === underWay) this.underWay = undefined;
    }
  }
}
