import type { ServerResponse } from 'node:http';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
}

/** What befalls a request instead of its answer. */
export type Fault =
  | { readonly kind: 'answer'; readonly code: number; readonly message?: string; readonly retryAfterSeconds?: number }
  /** The connection breaks off. `after`: the request has been carried out, and only its answer is lost. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** No answer comes, until the fault is taken away. */
  | { readonly kind: 'silence' };

export interface FaultRule {
  readonly fault: Fault;
  readonly matches: (request: FakeRequest) => boolean;
  /** Default: until it is taken away. */
  readonly times?: number;
}

interface Armed extends FaultRule {
  left: number;
  readonly held: Set<ServerResponse>;
  readonly done: () => void;
}

/** The faults of one server. */
export class Faults {
  private armed: Armed[] = [];

  /** @returns what takes it away, and a promise of its last time */
  add(rule: FaultRule): { readonly remove: () => void; readonly spent: Promise<void> } {
    let done = (): void => undefined;
    const spent = new Promise<void>((resolve) => (done = resolve));
    const armed: Armed = { ...rule, left: rule.times ?? Infinity, held: new Set(), done };
    this.armed.push(armed);
    return { remove: () => this.remove(armed), spent };
  }

  /** The fault of this request, when it has one. */
  take(request: FakeRequest): Fault | null {
    const armed = this.armed.find((each) => each.left > 0 && each.matches(request));
    if (armed === undefined) return null;
    armed.left -= 1;
    if (armed.left === 0) armed.done();
    return armed.fault;
  }

  /** Keeps a response that gets no answer, so that it can be ended with its fault. */
  hold(fault: Fault, response: ServerResponse): void {
    this.armed.find((each) => each.fault === fault)?.held.add(response);
  }

  clear(): void {
    for (const armed of [...this.armed]) this.remove(armed);
  }

  private remove(armed: Armed): void {
    this.armed = this.armed.filter((each) => each !== armed);
    for (const response of armed.held) response.destroy();
  }
}
