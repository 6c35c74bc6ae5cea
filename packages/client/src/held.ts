/*
 * A Request holds what aborts its signal, and nothing holds a Request while it is under way: the abort of one that is collected
 * meanwhile is lost (Node's fetch, undici 6).
 */

const underWay = new Set<Request>();
const ofAnswer = new WeakMap<Response | ReadableStream, readonly Request[]>();

/** Holds the requests until the work has an answer, and from then on for as long as somebody has that or its body. */
export async function heldWhile(requests: readonly Request[], work: () => Promise<Response>): Promise<Response> {
  for (const request of requests) underWay.add(request);
  try {
    const response = await work();
    for (const answer of [response, response.body]) if (answer !== null) hold(answer, requests);
    return response;
  } finally {
    for (const request of requests) underWay.delete(request);
  }
}

function hold(answer: Response | ReadableStream, requests: readonly Request[]): void {
  ofAnswer.set(answer, [...(ofAnswer.get(answer) ?? []), ...requests]);
}
