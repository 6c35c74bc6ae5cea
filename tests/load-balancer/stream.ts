import { connect, runEvents } from '@eden/client';
import type { ApiClient } from '@eden/testkit';

/** Follows a run through a load balancer, as `eden` does. */
export class Stream {
  readonly sequences: number[] = [];
  /** How often it was opened. */
  opened = 0;
  private readonly following: Promise<void>;

  constructor(
    private readonly client: ApiClient,
    private readonly run: string,
  ) {
    this.following = this.follow();
  }

  /** Resolves when the service has said that no more will come. */
  async end(): Promise<void> {
    await this.following;
  }

  private async follow(): Promise<void> {
    const count = (request: Request): Promise<Response> => {
      this.opened += 1;
      return fetch(request);
    };
    const connection = connect({ url: this.client.gatewayUrl, token: () => this.client.token, fetch: count });
    for await (const { sequence } of runEvents(connection, this.run)) this.sequences.push(sequence);
  }
}
