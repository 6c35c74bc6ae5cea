import type { ErrorCode, LimitedKind, Subject, Uuid } from '@eden/domain';
import { z } from 'zod';
import type { GatewayDeps } from '../deps.js';
import type { Principal } from '../identity/principal.js';
import type { OpenPermission, SubjectPermission } from '../permissions.js';
import { isOpen, permissionOf } from '../permissions.js';
import type { Answer, ErrorAnswer } from './answer.js';
import type { EventStreamAnswer } from './event-stream.js';
import type { Exact } from './exact.js';
import type { HttpRequest } from './http-request.js';
import type { LinesAnswer } from './lines.js';
import type { PATH_PARAMETERS, PathParameterName } from './path-parameters.js';
import { pathSchema } from './path-parameters.js';
import type { TextAnswer } from './text.js';
import type { UploadedFile, UploadForm } from './upload.js';
import { parseInput } from './validation.js';

/*
 * An operation is declared once: its path, schemas and handler; who may call it says its row in permissions.ts.
 * Routing, validation, Idempotency-Key, the OpenAPI document and the rendered docs all follow from the declaration.
 */

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type PathValues<Path extends string> = {
  readonly [K in NamesIn<Path> & PathParameterName]: z.output<(typeof PATH_PARAMETERS)[K]>;
};

/** What a handler is given, all of it checked. */
export interface Input<Path extends string, Query extends z.ZodType, Body extends z.ZodType> {
  readonly deps: GatewayDeps;
  readonly path: PathValues<Path>;
  readonly query: Exact<z.output<Query>>;
  readonly body: Exact<z.output<Body>>;
  /** Files that came beside the body; null when it was JSON alone. */
  readonly upload: readonly UploadedFile[] | null;
  /** The body as it came, where it is signed; empty elsewhere. */
  readonly bytes: Uint8Array;
  readonly http: HttpRequest;
  /**
   * Counts the request for the organization that an open operation has found: those for callers with a token are counted already.
   * @throws EdenError RATE_LIMITED
   */
  readonly count: (organizationUuid: Uuid, kind?: LimitedKind) => Promise<void>;
}

/** A request as it came. */
export interface RawInput {
  readonly deps: GatewayDeps;
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly upload: readonly UploadedFile[] | null;
  readonly bytes: Uint8Array;
  readonly http: HttpRequest;
  readonly count: (organizationUuid: Uuid, kind?: LimitedKind) => Promise<void>;
}

/** Everything about an operation but how it is done. */
export interface Description {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1; parameters in braces, each of them one of path-parameters.ts. */
  readonly path: string;
  readonly tag: 'Identity' | 'Endpoints' | 'Templates' | 'APIs' | 'Migrations' | 'Runs' | 'Audit' | 'Hooks';
  readonly summary: string;
  readonly query?: z.ZodType;
  /** Every POST and PATCH has one; those that need nothing take the empty object. */
  readonly body?: z.ZodType;
  /** The body may come as multipart/form-data too, and files with it. */
  readonly upload?: UploadForm;
  /** The body counts as it came, byte for byte, because it is signed: the handler reads it once it knows by whom. */
  readonly signedBody?: true;
  /** Body of the success, and its status (default 200). */
  readonly result: z.ZodType;
  readonly status?: 200 | 201 | 302;
  /** Body of the 202 of an operation that may go on behind its answer. */
  readonly acceptedResult?: z.ZodType;
  /** Data of the Server-Sent Events that it answers instead to those who accept them. */
  readonly events?: z.ZodType;
  /** The lines of JSON that it answers instead to those who want them all. */
  readonly lines?: z.ZodType;
  /** It answers those who accept plain text alone with that, and this is what it says. */
  readonly text?: string;
  readonly headers?: readonly (
    'Prefer' | 'X-Eden-Verbose' | 'X-Org-Id' | 'X-Eden-Csrf' | 'Last-Event-ID' | 'X-Eden-Signature'
  )[];
  /** Errors beyond those that follow from the rest (validation, authentication, what the path names is not there). */
  readonly errors?: readonly ErrorCode[];
}

interface Declaration<
  Path extends string,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Result extends z.ZodType,
> extends Description {
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly result: Result;
}

type Work = () => Promise<Answer>;

/** A request that has been validated. */
export interface PreparedRequest {
  readonly work: Work;
  /**
   * Checks what the level of the operation alone does not say, and tells whether the request only reads: before an
   * earlier answer is given again, and because what only reads is asked again instead.
   */
  readonly authorize: () => Promise<boolean>;
}

/** An operation for those who are logged in. `prepare` validates, the work then does it. */
export interface SubjectOperation {
  readonly kind: 'subject';
  readonly description: Description;
  readonly permission: SubjectPermission;
  prepare(raw: RawInput, principal: Principal): PreparedRequest;
}

/** An operation that brings its own credentials. */
export interface PublicOperation {
  readonly kind: 'public';
  readonly description: Description;
  readonly permission: OpenPermission;
  /** Refuses bad credentials before a byte of the body is read, where they alone can tell. */
  authorize(deps: GatewayDeps, http: HttpRequest): void;
  prepare(raw: RawInput): Work;
}

export type Operation = SubjectOperation | PublicOperation;

/** How the requests of an operation are checked. Made once: a schema is compiled when it is first used. */
function inputCheck<P extends string, Q extends z.ZodType, B extends z.ZodType>(
  declaration: Declaration<P, Q, B, z.ZodType>,
): (raw: RawInput) => Input<P, Q, B> {
  const path = pathSchema(declaration.path);
  const query = declaration.query ?? z.object({});
  const body = declaration.signedBody === true ? z.unknown() : (declaration.body ?? z.unknown());
  return (raw) => ({
    deps: raw.deps,
    http: raw.http,
    upload: raw.upload,
    bytes: raw.bytes,
    count: raw.count,
    path: parseInput(path, raw.path) as PathValues<P>,
    query: parseInput(query, raw.query) as Exact<z.output<Q>>,
    body: parseInput(body, raw.body) as Exact<z.output<B>>,
  });
}

/** Declares an operation for those with a token or a key. */
export function operation<P extends string, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declaration: Declaration<P, Q, B, R> & {
    readonly handler: (
      input: Input<P, Q, B> & Principal,
    ) => Promise<Answer<z.output<R>> | ErrorAnswer | EventStreamAnswer | LinesAnswer | TextAnswer>;
    /** Where the level depends on what is named: checks it; true when the request only reads. */
    readonly authorize?: (input: Input<P, Q, B> & Principal) => Promise<boolean>;
  },
): SubjectOperation {
  const check = inputCheck(declaration);
  const permission = permissionOf(declaration);
  if (isOpen(permission)) throw new TypeError(`${declaration.path} is open to everybody: declare a publicOperation`);
  return {
    kind: 'subject',
    description: declaration,
    permission,
    prepare: (raw, principal) => {
      const input = { ...check(raw), ...principal };
      return {
        work: () => declaration.handler(input),
        authorize: () => declaration.authorize?.(input) ?? Promise.resolve(false),
      };
    },
  };
}

/** Declares an operation that a client calls before it has a token. */
export function publicOperation<P extends string, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declaration: Declaration<P, Q, B, R> & {
    readonly authorize: PublicOperation['authorize'];
    readonly handler: (input: Input<P, Q, B>) => Promise<Answer<z.output<R>> | ErrorAnswer>;
  },
): PublicOperation {
  const check = inputCheck(declaration);
  const permission = permissionOf(declaration);
  if (!isOpen(permission)) throw new TypeError(`${declaration.path} is not open to everybody: declare an operation`);
  return {
    kind: 'public',
    description: declaration,
    permission,
    authorize: declaration.authorize,
    prepare: (raw) => {
      const input = check(raw);
      return () => declaration.handler(input);
    },
  };
}

/**
 * True when an Idempotency-Key counts: POSTs outside /auth, /iam and /new, whose answers may hold secrets and are
 * never stored.
 */
export function takesIdempotencyKey({ method, tag }: Description): boolean {
  return method === 'post' && tag !== 'Identity';
}
