import type {
  BoundTemplate,
  CompiledTemplate,
  EndpointKind,
  Issue,
  SqlOperation,
  TemplateBody,
  TemplateDefinition,
  TemplatePort,
} from '@eden/domain';
import { operationsOf, validationError } from '@eden/domain';
import { ParameterList } from './expression/parameters.js';
import type { Compilation, CompiledOperation } from './operation.js';
import { compileOperation } from './operation.js';
import { POSTGRES } from './postgres/dialect.js';
import { TemplateProblem } from './problems.js';
import type { SqlDialect } from './sql/dialect.js';
import type { CompileText } from './text/json.js';

const DIALECTS: Readonly<Record<EndpointKind, SqlDialect>> = { Postgres: POSTGRES };

/**
 * The template engine: Handlebars text whose placeholders are escaped for the place in the SQL where they stand.
 * Only `{{raw x}}` can put SQL into a statement; every other value stays inside the token that it makes.
 */
export function createTemplateEngine(): TemplatePort {
  return { compile };
}

function compile(definition: TemplateDefinition): CompiledTemplate {
  const { body, settings } = definition;
  const issues: Issue[] = [];
  const parameters = new ParameterList(settings.defaults ?? {});
  const compilation = { dialect: DIALECTS[definition.endpointKind], parameters, attempt: collectInto(issues) };
  const operations = compileBody(body, 'template.template', compilation, settings.batch);
  const rollback = settings.rollback === undefined ? [] : compileBody(settings.rollback, 'rollback', compilation);
  if (issues.length > 0) throw validationError(issues);
  return {
    parameters: parameters.list(),
    usesRaw: [...operations, ...rollback].some(({ usesRaw }) => usesRaw),
    bind(values): BoundTemplate {
      parameters.check(values);
      const scope = { kind: 'root', values, defaults: settings.defaults ?? {} } as const;
      const bind = (operation: CompiledOperation) => operation.bind(scope);
      return { operations: operations.map(bind), rollback: rollback.map(bind) };
    },
  };
}

function compileBody(
  body: TemplateBody,
  path: string,
  compilation: Compilation,
  outerBatch?: SqlOperation['batch'],
): CompiledOperation[] {
  const isSingle = !('operations' in body);
  return operationsOf(body).map((operation, i) => {
    const own = isSingle ? path : `${path}.operations[${i}]`;
    const inner = operation.batch;
    if (inner !== undefined)
      return compileOperation(operation, own, { spec: inner, path: `${own}.batch` }, compilation);
    const batch = isSingle && outerBatch !== undefined ? { spec: outerBatch, path: 'batch' } : null;
    return compileOperation(operation, own, batch, compilation);
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
