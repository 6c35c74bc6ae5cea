import type { BoundOperation, HttpOperation, JsonValue } from '@eden/domain';
import { isSafeMethod } from '@eden/domain';
import { isHeaderName, isSendersHeader, writeHttpMessage } from '@eden/lexers';
import type { Surroundings } from '../expression/expression.js';
import type { RootScope } from '../expression/scope.js';
import type { CompiledOperation, Compilation } from '../operation.js';
import { TemplateProblem } from '../problems.js';
import { RenderContext } from '../rendering.js';
import { compileJson } from '../text/json.js';
import { HEADER } from './header.js';
import { JSON_TEXT, wholeValue } from './json-text.js';
import { compilePart, type RenderPart } from './part.js';
import { PATH } from './path.js';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;.*)?$/i;
const START = { line: 1, column: 1 };

/** Compiles a request; what is wrong with its parts is kept by `attempt`. */
export function compileRequest(
  { method, path, headers = {}, body }: HttpOperation,
  root: string,
  { parameters, attempt }: Compilation,
): CompiledOperation {
  const around: Surroundings = { parameters, inBatch: false, itemDepth: 0, guards: [] };
  const target = attempt(`${root}.path`, () => compilePart(path, `${root}.path`, PATH, around));
  const values = Object.entries(headers).map(([name, text]) => {
    const at = `${root}.headers.${name}`;
    const render = attempt(at, () => compileHeader(name, text, at, around));
    return { name, render };
  });
  const content = body === undefined ? null : compileBody(method, body, `${root}.body`, { around, attempt });
  return {
    usesRaw: false,
    bind(scope): BoundOperation {
      const statement = { text: render({ ...scope, batch: null }), params: [] };
      return { batch: null, render: () => statement };
    },
  };

  function render(scope: RootScope): string {
    const context = new RenderContext();
    const written = (part: RenderPart | undefined): string => part?.(scope, context) ?? '';
    try {
      return writeHttpMessage({
        method,
        target: written(target),
        headers: values.map((header) => ({ name: header.name, value: written(header.render) })),
        body: content === null ? null : written(content),
      });
    } catch (error) {
      throw context.failure(error);
    }
  }
}

function compileHeader(name: string, text: string, path: string, around: Surroundings): RenderPart {
  if (!isHeaderName(name)) throw new TemplateProblem(START, 'that is no name of a header');
  if (isSendersHeader(name)) throw new TemplateProblem(START, `${name} is set by Eden itself`);
  if (name.toLowerCase() === 'content-type' && !JSON_TYPE.test(text)) {
    throw new TemplateProblem(START, 'a body is JSON: application/json, or a type that ends in +json');
  }
  return compilePart(text, path, HEADER, around);
}

interface Compiling extends Pick<Compilation, 'attempt'> {
  readonly around: Surroundings;
}

function compileBody(method: string, body: JsonValue, path: string, { around, attempt }: Compiling): RenderPart {
  if (isSafeMethod(method)) attempt(path, () => noBody(method));
  if (typeof body === 'string') return attempt(path, () => compilePart(body, path, JSON_TEXT, around)) ?? (() => '');
  const render = compileJson(body, path, around, attempt);
  return (scope, context) => wholeValue(render(scope, context));
}

function noBody(method: string): never {
  throw new TemplateProblem(START, `a ${method} has no body`);
}
