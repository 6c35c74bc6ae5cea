import type { OperatorContext } from './context.js';
import { lead, type Leadership } from './leader/leader-election.js';
import { startWork, type Work } from './work.js';

export interface Operator {
  /** Ends the looks under way, lets the next one lead, closes everything. */
  stop(): Promise<void>;
}

/**
 * Serves its probes, waits until it leads, then works.
 * @param onLost Called when somebody else may lead by now: the process has to end, whatever it is in the middle of.
 */
export async function startOperator(context: OperatorContext, onLost: (reason: Error) => void): Promise<Operator> {
  const { telemetry, candidate } = context;
  const operations = await context.startOperations();
  const stopping = new AbortController();
  telemetry.leadershipObserved(false);
  telemetry.log.info('operator started', { operations_port: operations.port, identity: candidate.identity });
  const term = serve(context, stopping.signal, onLost);
  return {
    stop: async () => {
      telemetry.log.info('operator stopping');
      stopping.abort();
      const { work, leadership } = (await term) ?? {};
      await work?.stop();
      await leadership?.resign();
      await operations.close();
      telemetry.log.info('operator stopped');
    },
  };
}

async function serve(
  context: OperatorContext,
  stop: AbortSignal,
  onLost: (reason: Error) => void,
): Promise<{ readonly work: Work; readonly leadership: Leadership } | null> {
  const { telemetry, candidate } = context;
  const leadership = await lead(candidate, stop);
  if (leadership === null) return null;
  leadership.lost.addEventListener('abort', () => {
    telemetry.leadershipObserved(false);
    onLost(leadership.lost.reason as Error);
  });
  telemetry.leadershipObserved(true);
  telemetry.log.info('operator leads', { identity: candidate.identity });
  return { work: startWork(context), leadership };
}
