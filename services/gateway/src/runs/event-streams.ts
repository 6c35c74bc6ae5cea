import { EdenError } from '@eden/domain';

/** Each holds a connection and a place among the listeners for as long as its client likes. */
const MOST_STREAMS = 200;

/** Counts the event streams of this process, so that those who only watch leave room for those who work. */
export class EventStreams {
  private open = 0;

  constructor(private readonly most = MOST_STREAMS) {}

  /** @returns the way to leave. @throws EdenError SERVICE_UNAVAILABLE when there are too many */
  enter(): () => void {
    if (this.open >= this.most) {
      throw new EdenError('SERVICE_UNAVAILABLE', { details: `This gateway serves ${this.most} event streams already` });
    }
    this.open += 1;
    return () => {
      this.open -= 1;
    };
  }
}
