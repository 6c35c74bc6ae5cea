import { setTimeout as delay } from 'node:timers/promises';
import { Watch, type KubeConfig } from '@kubernetes/client-node';
import type { Kind, Resource } from '../resources/objects.js';
import { GROUP, PLURALS, VERSION } from '../resources/objects.js';
import type { Cluster } from './cluster.js';
import { describeFailure } from './errors.js';

export interface Watched {
  readonly cluster: Pick<Cluster, 'listAll'>;
  readonly config: KubeConfig;
  readonly kind: Kind;
  /** Undefined: all. */
  readonly namespace: string | undefined;
  /** Told of all that are there, at the beginning and whenever the server has forgotten what was in between. */
  readonly onListed: (objects: readonly Resource[]) => void;
  /** Told of every object that has come or changed; may be told of the same state twice. */
  readonly onObject: (object: Resource) => void;
  readonly onGone: (object: Resource) => void;
  /** A stream or a list has failed; it is tried again. */
  readonly onInterruption: (reason: string) => void;
  readonly timing?: Partial<WatchTiming>;
}

export interface WatchTiming {
  /** How long the server keeps a stream open. */
  readonly streamMs: number;
  /** The server sends a bookmark about once a minute: a stream that is silent for longer is dead. */
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

const TIMING: WatchTiming = { streamMs: 300_000, silenceMs: 90_000, firstRetryMs: 500, longestRetryMs: 30_000 };
const MS_PER_SECOND = 1000;

/** The list that a watch began with is older than what the server still remembers. */
class Expired extends Error {
  override readonly name = 'Expired';
}

interface StreamEvent {
  readonly type: string;
  readonly object: Resource & { readonly code?: number };
}

/**
 * Lists, then watches from there, until the signal is aborted. The client's own informer is not used: a listener that throws
 * ends the process there, an error ends the informer, and a stream that has gone silent is waited for for ever.
 */
export async function watchKind(watched: Watched, signal: AbortSignal): Promise<void> {
  const timing = { ...TIMING, ...watched.timing };
  let version: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      version ??= await list(watched);
      const begunAt = performance.now();
      version = await stream(watched, version, timing, signal);
      // A proxy may end each of them at once.
      failures = performance.now() - begunAt < timing.firstRetryMs ? failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (error instanceof Expired) version = null;
      else watched.onInterruption(describeFailure(error));
    }
    if (failures > 0) await delay(retryMs(failures, timing), undefined, { signal }).catch(() => undefined);
  }
}

function retryMs(failures: number, { firstRetryMs, longestRetryMs }: WatchTiming): number {
  const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/** Tells of all that are there. Resolves to the version that a watch goes on from. */
async function list({ cluster, kind, namespace, onListed }: Watched): Promise<string> {
  const { resourceVersion, items } = await cluster.listAll(kind, namespace);
  onListed(items.map((object) => ({ ...object, kind })));
  return resourceVersion;
}

/** Resolves to the last version seen, when the server ends the stream. @throws Expired; whatever the stream failed with */
function stream(watched: Watched, from: string, timing: WatchTiming, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let version = from;
    let request: AbortController | undefined;
    let isOver = false;
    const end = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      request?.abort();
      if (error === undefined || error === null) resolve(version);
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    const stop = (): void => end();
    const silent = (): void => end(new Error(`a watch was silent for ${timing.silenceMs} ms`));
    let silence = setTimeout(silent, timing.silenceMs);
    signal.addEventListener('abort', stop);
    const hear = (type: string, object: StreamEvent['object']): void => {
      if (isOver) return;
      clearTimeout(silence);
      silence = setTimeout(silent, timing.silenceMs);
      if (type === 'ERROR')
        return end(object.code === 410 ? new Expired() : new Error(`a watch answers ${object.code}`));
      version = object.metadata.resourceVersion;
      tell(watched, { type, object });
    };
    open(watched, { from, streamMs: timing.streamMs }, { hear, end }).then(
      (opened) => {
        request = opened;
        if (isOver) opened.abort();
      },
      (error: unknown) => end(error),
    );
  });
}

interface Listeners {
  readonly hear: (type: string, object: StreamEvent['object']) => void;
  readonly end: (error?: unknown) => void;
}

async function open(
  { config, kind, namespace }: Watched,
  { from, streamMs }: { readonly from: string; readonly streamMs: number },
  { hear, end }: Listeners,
): Promise<AbortController> {
  const below = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const timeoutSeconds = Math.ceil(streamMs / MS_PER_SECOND);
  const query = { resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds };
  const done = (error: unknown): void => {
    end((error as { statusCode?: number } | null)?.statusCode === 410 ? new Expired() : error);
  };
  return new Watch(config).watch(`/apis/${GROUP}/${VERSION}${below}/${PLURALS[kind]}`, query, hear, done);
}

/** The client swallows what a callback throws, so nothing that can throw stands here but what tells a queue. */
function tell({ kind, onObject, onGone }: Watched, { type, object }: StreamEvent): void {
  if (type === 'ADDED' || type === 'MODIFIED') onObject({ ...object, kind });
  else if (type === 'DELETED') onGone({ ...object, kind });
}
