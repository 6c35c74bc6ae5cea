import type {
  BoundTemplate,
  CompiledTemplate,
  EndpointKind,
  Issue,
  Operation,
  BatchSpec,
  TemplateBody,
  TemplateDefinition,
  TemplatePort,
} from '@eden/domain';
import { isHttpOperation, operationsOf, validationError } from '@eden/domain';
import { RenderBudget } from './budget.js';
import { ParameterList } from './expression/parameters.js';
import type { Compilation, CompiledOperation } from './operation.js';
import { compileOperation } from './operation.js';
import { compileRequest } from './http/request.js';
import { MYSQL } from './mysql/dialect.js';
import { POSTGRES } from './postgres/dialect.js';
import { TemplateProblem } from './problems.js';
import type { SqlDialect } from './sql/dialect.js';
import type { CompileText } from './text/json.js';

/** Compiles one operation of a template in the language of its kind. */
type CompileOperation = (
  operation: Operation,
  path: string,
  batch: { readonly spec: BatchSpec; readonly path: string } | null,
  compilation: Compilation,
) => CompiledOperation;

const LANGUAGES: Readonly<Record<EndpointKind, CompileOperation>> = {
  Postgres: queriesIn(POSTGRES),
  MySQL: queriesIn(MYSQL),
  Http: requests,
};

function queriesIn(dialect: SqlDialect): CompileOperation {
  return (operation, path, batch, compilation) => {
    if (isHttpOperation(operation)) throw notOfItsKind(path, '{"query":"…"}');
    return compileOperation(operation, path, batch, { ...compilation, dialect });
  };
}

function requests(...[operation, path, batch, compilation]: Parameters<CompileOperation>): CompiledOperation {
  if (!isHttpOperation(operation)) throw notOfItsKind(path, '{"method":"…","path":"…"}');
  if (batch !== null) throw validationError([{ path: batch.path, message: 'A request has no batch' }]);
  return compileRequest(operation, path, compilation);
}

function notOfItsKind(path: string, expected: string): Error {
  return validationError([{ path, message: `A template of this kind of endpoint is written as ${expected}` }]);
}

/**
 * The template engine: Handlebars text whose placeholders are escaped for the place where they stand, in SQL or in a
 * request. Only `{{raw x}}` can put SQL into a statement; every other value stays inside what it makes a part of.
 */
export function createTemplateEngine(): TemplatePort {
  return { compile };
}

function compile(definition: TemplateDefinition): CompiledTemplate {
  const { body, settings } = definition;
  const issues: Issue[] = [];
  const parameters = new ParameterList(settings.defaults ?? {});
  const compileOne = LANGUAGES[definition.endpointKind];
  const language = { compileOne, compilation: { parameters, attempt: collectInto(issues) } };
  const operations = compileBody(body, 'template.template', language, settings.batch);
  const rollback = settings.rollback === undefined ? [] : compileBody(settings.rollback, 'rollback', language);
  if (issues.length > 0) throw validationError(issues);
  return {
    parameters: parameters.list(),
    usesRaw: [...operations, ...rollback].some(({ usesRaw }) => usesRaw),
    bind(values, mostCharacters): BoundTemplate {
      parameters.check(values);
      const budget = new RenderBudget(mostCharacters);
      const scope = { kind: 'root', values, defaults: settings.defaults ?? {}, budget } as const;
      const bind = (operation: CompiledOperation) => operation.bind(scope);
      return { operations: operations.map(bind), rollback: rollback.map(bind) };
    },
  };
}

interface Language {
  readonly compileOne: CompileOperation;
  readonly compilation: Compilation;
}

function compileBody(
  body: TemplateBody,
  path: string,
  { compileOne, compilation }: Language,
  outerBatch?: BatchSpec,
): CompiledOperation[] {
  const isSingle = !('operations' in body);
  return operationsOf(body).map((operation, i) => {
    const own = isSingle ? path : `${path}.operations[${i}]`;
    const inner = isHttpOperation(operation) ? undefined : operation.batch;
    if (inner !== undefined) return compileOne(operation, own, { spec: inner, path: `${own}.batch` }, compilation);
    const batch = isSingle && outerBatch !== undefined ? { spec: outerBatch, path: 'batch' } : null;
    return compileOne(operation, own, batch, compilation);
  });
}

function collectInto(issues: Issue[]): CompileText {
  return (path, compileText) => {
    try {
      return compileText();
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      issues.push({ path, message: error.message });
      return undefined;
    }
  };
}
