import type { ServerResponse } from 'node:http';
import type { KubeObject } from './objects.js';
import { apiVersionOf, resourceName, type ResourceType } from './resources.js';
import type { Selector } from './selectors.js';
import type { StatusError } from './status-error.js';
import type { Change, ObjectStore } from './store.js';

export interface WatchRequest {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly selector: Selector;
  readonly query: URLSearchParams;
}

interface OpenWatch {
  readonly end: () => void;
  isMute: boolean;
}

const MS_PER_SECOND = 1000;

/** The streams that are told of changes. */
export class Watches {
  private readonly open_ = new Set<OpenWatch>();

  constructor(
    private readonly store: ObjectStore,
    private readonly bookmarkMs: number,
  ) {}

  /** Tells of what has changed since the version that was asked for, then of each change, until the time is over. */
  open(request: WatchRequest, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    const timers: NodeJS.Timeout[] = [];
    const watch: OpenWatch = {
      isMute: false,
      end: () => {
        timers.forEach((timer) => clearInterval(timer));
        stop();
        this.open_.delete(watch);
        response.destroy();
      },
    };
    const write = (type: string, object: object): void => {
      if (!watch.isMute) response.write(`${JSON.stringify({ type, object })}\n`);
    };
    const tell = (change: Change): void => {
      const event = eventOf(change, request);
      if (event !== null) write(event.type, event.object);
    };
    const stop = this.store.listen(tell);
    this.open_.add(watch);
    response.on('close', watch.end);
    try {
      for (const change of this.since(request)) tell(change);
    } catch (error) {
      write('ERROR', (error as StatusError).status);
      response.end();
      return;
    }
    const bookmark = (): void => write('BOOKMARK', this.bookmark(request.type));
    if (request.query.get('allowWatchBookmarks') === 'true') timers.push(setInterval(bookmark, this.bookmarkMs));
    const seconds = Number(request.query.get('timeoutSeconds') ?? 0);
    if (seconds > 0) timers.push(setTimeout(() => response.end(), seconds * MS_PER_SECOND));
  }

  cut(): void {
    for (const { end } of [...this.open_]) end();
  }

  mute(): void {
    for (const watch of this.open_) watch.isMute = true;
  }

  /** Without a version what is there counts as new. */
  private since({ type, namespace, query }: WatchRequest): readonly Change[] {
    const version = query.get('resourceVersion') ?? '';
    if (version !== '' && version !== '0') return this.store.changesSince(Number(version));
    const all = this.store.list(type, namespace, () => true);
    const resource = resourceName(type);
    return all.map((object) => ({ type: 'ADDED', version: this.store.version, resource, object, before: undefined }));
  }

  private bookmark(type: ResourceType): object {
    const metadata = { resourceVersion: String(this.store.version), creationTimestamp: null };
    return { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  }
}

/** An object that begins or ceases to fit the selector comes or goes, as far as this watch can see. */
function eventOf(
  { type, resource, object, before }: Change,
  { type: watched, namespace, selector }: WatchRequest,
): { type: Change['type']; object: KubeObject } | null {
  if (resource !== resourceName(watched)) return null;
  if (namespace !== undefined && object.metadata.namespace !== namespace) return null;
  const [fits, fitted] = [selector(object), before !== undefined && selector(before)];
  if (type === 'DELETED') return fitted ? { type, object } : null;
  if (fits) return { type: fitted ? 'MODIFIED' : 'ADDED', object };
  return fitted ? { type: 'DELETED', object } : null;
}
