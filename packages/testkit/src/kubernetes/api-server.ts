import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { Faults, type FakeRequest, type Fault } from './faults.js';
import type { Json, JsonObject, KubeObject } from './objects.js';
import { jsonPatch, mergePatch } from './patch.js';
import { apiVersionOf, groupList, groupOf, resourceList, type ResourceType } from './resources.js';
import { selectorOf, type Selector } from './selectors.js';
import { StatusError } from './status-error.js';
import { ObjectStore, type Address, type Preconditions } from './store.js';
import { Watches } from './watches.js';

export interface ApiServerOptions {
  /** How often a watch that asks for bookmarks gets one. */
  readonly bookmarkMs?: number;
}

const BOOKMARK_MS = 60_000;
const TOKEN = 'token-of-the-fake';

/**
 * An API server in this process that does what Kubernetes does with custom resources, Secrets, ConfigMaps, Leases and Events,
 * as conformance.ts has it: no admission webhooks, no authorization, nothing that runs.
 */
export class KubernetesApiServer {
  readonly faults = new Faults();
  readonly store = new ObjectStore();
  private readonly watches: Watches;

  private constructor(
    private readonly server: Server,
    { bookmarkMs = BOOKMARK_MS }: ApiServerOptions,
  ) {
    this.watches = new Watches(this.store, bookmarkMs);
    server.on('request', (request, response) => void this.respond(request, response));
  }

  static async start(options: ApiServerOptions = {}): Promise<KubernetesApiServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new KubernetesApiServer(server, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Text of a kubeconfig that leads here. The client takes http:// only from who skips TLS as well. */
  get kubeConfig(): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'fake',
      clusters: [{ name: 'fake', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'fake', user: { token: TOKEN } }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    });
  }

  /** Breaks off all watches of this moment. */
  cutWatches(): void {
    this.watches.cut();
  }

  /** All watches of this moment stay open, and are told of nothing any more. */
  muteWatches(): void {
    this.watches.mute();
  }

  async stop(): Promise<void> {
    this.faults.clear();
    this.watches.cut();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const { method = 'GET' } = request;
    const fake: FakeRequest = { method, path: url.pathname, isWatch: url.searchParams.get('watch') === 'true' };
    const fault = this.faults.take(fake);
    try {
      const text = await read(request);
      if (fault !== null && !isAfterwards(fault)) return this.befall(fault, response);
      const body = { text, contentType: String(request.headers['content-type'] ?? '') };
      const answer = this.answer({ ...fake, url, body }, response);
      if (fault !== null) response.destroy();
      else if (answer !== null) send(response, answer.code, answer.body);
    } catch (error) {
      const status = error instanceof StatusError ? error : new StatusError(500, String(error));
      send(response, status.code, status.status);
    }
  }

  private befall(fault: Fault, response: ServerResponse): void {
    if (fault.kind === 'silence') return this.faults.hold(fault, response);
    if (fault.kind === 'reset') return void response.destroy();
    const { code, message = 'a fault of the test', retryAfterSeconds } = fault;
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
    send(response, code, new StatusError(code, message).status);
  }

  /** Null: the response goes on by itself. */
  private answer({ method, isWatch, url, body }: Asked, response: ServerResponse): Answer | null {
    const found = this.discovery(url.pathname);
    if (found !== null) return { code: 200, body: found };
    const target = this.target(url.pathname);
    const { type, namespace, name, subresource } = target;
    const selector = selectorOf(url.searchParams.get('labelSelector'), url.searchParams.get('fieldSelector'));
    if (isWatch) {
      const named: Selector =
        name === undefined ? selector : (object) => object.metadata.name === name && selector(object);
      this.watches.open({ type, namespace, selector: named, query: url.searchParams }, response);
      return null;
    }
    if (name === undefined) return this.collection(method, target, selector, body.text);
    return this.item(method, { type, namespace, name }, subresource, body);
  }

  private collection(method: string, { type, namespace }: Target, selector: Selector, text: string): Answer {
    switch (method) {
      case 'GET': {
        const items = this.store.list(type, namespace, selector);
        const metadata = { resourceVersion: String(this.store.version) };
        return { code: 200, body: { apiVersion: apiVersionOf(type), kind: `${type.kind}List`, metadata, items } };
      }
      case 'POST':
        return { code: 201, body: this.store.create(type, namespace, JSON.parse(text) as KubeObject) };
      default:
        throw new StatusError(405, 'the server does not allow this method on the requested resource');
    }
  }

  private item(method: string, address: Address, subresource: 'status' | null, { text, contentType }: Body): Answer {
    switch (method) {
      case 'GET':
        return { code: 200, body: this.store.get(address) };
      case 'PUT':
        return { code: 200, body: this.store.replace(address, JSON.parse(text) as KubeObject, subresource) };
      case 'PATCH':
        return { code: 200, body: this.patch(address, subresource, { text, contentType }) };
      case 'DELETE':
        return this.delete(address, text);
      default:
        throw new StatusError(405, 'the server does not allow this method on the requested resource');
    }
  }

  private patch(address: Address, subresource: 'status' | null, { text, contentType }: Body): KubeObject {
    const before = this.store.get(address);
    const patched = patchedBy(contentType, address.type, before as unknown as Json, text) as unknown as KubeObject;
    const body = parse(text) as { metadata?: { resourceVersion?: string } };
    // The version counts when the patch names one.
    const resourceVersion = body.metadata?.resourceVersion ?? before.metadata.resourceVersion;
    const metadata = { ...patched.metadata, resourceVersion };
    return this.store.replace(address, { ...patched, metadata }, subresource, true);
  }

  private delete(address: Address, text: string): Answer {
    const { preconditions } = (text === '' ? {} : JSON.parse(text)) as { preconditions?: Preconditions };
    const { object, isGone } = this.store.delete(address, preconditions);
    if (!isGone) return { code: 200, body: object };
    const details = { name: address.name, kind: address.type.plural, uid: object.metadata.uid };
    return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
  }

  private discovery(path: string): object | null {
    const { types } = this.store;
    if (path === '/version') return { major: '1', minor: '32', gitVersion: 'v1.32.0-fake' };
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') return groupList(types);
    if (path === '/api/v1')
      return resourceList(
        types.filter(({ group }) => group === ''),
        'v1',
      );
    const [, group = '', version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const own = types.filter((type) => type.group === group && group !== '');
    if (own.length === 0) return null;
    if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(types, group) };
    return resourceList(
      own.filter((type) => type.version === version),
      `${group}/${version}`,
    );
  }

  private target(path: string): Target {
    const match =
      /^(?:\/api\/(v1)|\/apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
        path,
      );
    const [, core, group = '', version = core, namespace, plural, name, subresource] = match ?? [];
    // `/api/v1/namespaces/<name>/status` is of the namespace itself.
    if (core !== undefined && namespace !== undefined && plural === 'status')
      return this.targetOf('', 'v1', 'namespaces', undefined, namespace, 'status');
    return this.targetOf(group, version ?? '', plural ?? '', namespace, name, subresource);
  }

  private targetOf(
    ...[group, version, plural, namespace, name, subresource]: [string, string, string, string?, string?, string?]
  ): Target {
    const type = this.store.types.find(
      (each) => each.group === group && each.version === version && each.plural === plural,
    );
    const isKnown = subresource === undefined || (subresource === 'status' && type?.hasStatus === true);
    if (type === undefined || !isKnown) throw new StatusError(404, 'the server could not find the requested resource');
    return {
      type,
      namespace: namespace === undefined ? undefined : decodeURIComponent(namespace),
      name: name === undefined ? undefined : decodeURIComponent(name),
      subresource: subresource === undefined ? null : 'status',
    };
  }
}

interface Target {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: 'status' | null;
}

interface Asked extends FakeRequest {
  readonly url: URL;
  readonly body: Body;
}

interface Body {
  readonly text: string;
  readonly contentType: string;
}

interface Answer {
  readonly code: number;
  readonly body: object;
}

/** Whether the request is carried out first. */
function isAfterwards(fault: Fault): boolean {
  return fault.kind === 'reset' && fault.after === true;
}

function patchedBy(contentType: string, type: ResourceType, before: Json, text: string): Json {
  switch (contentType.split(';')[0] as string) {
    case 'application/json-patch+json':
      return jsonPatch(before, JSON.parse(text) as Json);
    case 'application/merge-patch+json':
      return mergePatch(before, JSON.parse(text) as Json);
    case 'application/apply-patch+yaml':
      // With force, and of fields that one manager owns, which is all that is asked for here.
      return mergePatch(before, parse(text) as JsonObject);
    case 'application/strategic-merge-patch+json':
      if (type.schema === undefined) return mergePatch(before, JSON.parse(text) as Json);
      break;
    default:
  }
  const known = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  throw new StatusError(
    415,
    `the body of the request was in an unknown format - accepted media types include: ${known}`,
  );
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
