import { Agent, fetch as send } from 'undici';

/** One for each text of certificates: connections stay open from one look to the next. */
const agents = new Map<string, Agent>();
/** Beyond that somebody changes certificates all the time. */
const MOST_AGENTS = 100;

/** `fetch` that believes servers whose certificates this authority has signed, and no others. */
export function fetchBelieving(ca: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    const { url, method, signal } = request;
    const answer = await send(url, { method, headers: [...request.headers], body, signal, dispatcher: agentOf(ca) });
    // As Node's own, whose classes others ask for.
    const { status, statusText } = answer;
    return new Response(answer.body as ReadableStream | null, { status, statusText, headers: [...answer.headers] });
  };
}

function agentOf(ca: string): Agent {
  const known = agents.get(ca);
  if (known !== undefined) return known;
  if (agents.size >= MOST_AGENTS) agents.clear();
  const agent = new Agent({ connect: { ca } });
  agents.set(ca, agent);
  return agent;
}
