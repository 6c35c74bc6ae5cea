import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { EdenError, validationError } from '@eden/domain';
import busboy from 'busboy';
import { guardJson } from './json-guard.js';

/** One file of a multipart body, its bytes exactly as they came. */
export interface UploadedFile {
  /** Name of its part. */
  readonly field: string;
  /** Its filename, with folders. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface Upload {
  /** JSON of the part that holds the body. */
  readonly body: unknown;
  readonly upload: readonly UploadedFile[];
}

const MULTIPART = /^multipart\/form-data\s*;/i;
const MIB = 1024 * 1024;
/** Of all files together, in bytes. */
export const LARGEST_UPLOAD = 64 * MIB;
const LARGEST_BODY = MIB;
const MOST_FILES = 20_000;

/** How the body of an operation may come as multipart/form-data. */
export interface UploadForm {
  /** Name of the part with the body as JSON. */
  readonly part: string;
  /** Another name that it may have. */
  readonly alias?: string;
  /** Names of the parts with files, and what they are. */
  readonly files: Readonly<Record<string, string>>;
  /** Puts the files into the body before that is checked; without it the handler is given them. */
  readonly merge?: (body: unknown, files: readonly UploadedFile[]) => unknown;
}

export function isUpload({ headers }: IncomingMessage): boolean {
  return MULTIPART.test(headers['content-type'] ?? '');
}

/**
 * Reads a multipart body: the part of one of these names is JSON, every part with a filename is a file.
 * @throws EdenError VALIDATION_FAILED, PAYLOAD_TOO_LARGE
 */
export function readUpload(req: IncomingMessage, ...names: readonly [string, ...string[]]): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const reader = new UploadReader(names);
    const stop = (error: unknown): void => {
      req.unpipe();
      // Whoever still sends is answered once the rest has passed by.
      req.resume();
      reject(error as Error);
    };
    try {
      const parser = parserOf(req, reader, stop);
      parser.on('close', () => {
        try {
          resolve(reader.result());
        } catch (error) {
          reject(error as Error);
        }
      });
      const tooEarly = (): void => stop(malformed('it ended too early'));
      req.on('aborted', tooEarly);
      // A client that has left before anybody listened is heard of no more.
      if (req.destroyed) tooEarly();
      else req.pipe(parser);
    } catch (error) {
      stop(malformed(String((error as Error).message)));
    }
  });
}

function parserOf(req: IncomingMessage, reader: UploadReader, stop: (error: unknown) => void): busboy.Busboy {
  const limits = { fieldSize: LARGEST_BODY, fields: 16, files: MOST_FILES, fieldNameSize: 200 };
  const parser = busboy({ headers: req.headers, preservePath: true, defParamCharset: 'utf8', limits });
  parser.on('field', (field, value, { valueTruncated }) => {
    if (valueTruncated) stop(tooLarge(`The part "${field}" may have at most 1 MiB`));
    else reader.field(field, value);
  });
  parser.on('file', (field, stream, { filename }) => reader.file(field, filename, stream, stop));
  parser.on('filesLimit', () => stop(tooLarge(`At most ${MOST_FILES} files at a time`)));
  parser.on('error', (error) => stop(malformed((error as Error).message)));
  return parser;
}

class UploadReader {
  private readonly fields = new Map<string, string>();
  private readonly files: UploadedFile[] = [];
  private size = 0;

  constructor(private readonly names: readonly [string, ...string[]]) {}

  field(name: string, value: string): void {
    this.fields.set(name, value);
  }

  file(field: string, path: string | undefined, stream: Readable, stop: (error: unknown) => void): void {
    const chunks: Buffer[] = [];
    const isBody = this.names.includes(field);
    let length = 0;
    // A body that ends within a file ends its stream by an error of its own, which nobody else hears.
    stream.on('error', (error) => stop(malformed(error.message)));
    stream.on('data', (chunk: Buffer) => {
      this.size += chunk.length;
      length += chunk.length;
      if (this.size > LARGEST_UPLOAD) stop(tooLarge('All files together may have at most 64 MiB'));
      else if (isBody && length > LARGEST_BODY) stop(tooLarge(`The part "${field}" may have at most 1 MiB`));
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      const bytes = Buffer.concat(chunks);
      // The JSON may come as a file of its own, as some clients send what has a content type.
      if (isBody) this.fields.set(field, bytes.toString('utf8'));
      else this.files.push({ field, path: path ?? '', bytes });
    });
  }

  result(): Upload {
    const name = this.names.find((each) => this.fields.has(each)) ?? this.names[0];
    const text = this.fields.get(name);
    if (text === undefined) throw malformed(`it has no part "${name}" with the JSON`);
    const other = [...this.fields.keys()].find((field) => field !== name);
    if (other !== undefined) throw validationError([{ path: other, message: `Unknown part "${other}"` }]);
    return { body: parse(text, name), upload: this.files };
  }
}

function parse(text: string, path: string): unknown {
  try {
    const body = JSON.parse(text) as unknown;
    guardJson(body);
    return body;
  } catch (error) {
    if (error instanceof EdenError) throw error;
    throw validationError([{ path, message: 'The part is not valid JSON' }]);
  }
}

function malformed(details: string): EdenError {
  return validationError([{ path: '', message: `The body is no valid multipart/form-data: ${details}` }]);
}

function tooLarge(suggestion: string): EdenError {
  return new EdenError('PAYLOAD_TOO_LARGE', { suggestion });
}
