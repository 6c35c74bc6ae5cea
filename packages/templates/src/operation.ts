import type { BatchSpec, BoundOperation, BoundText, JsonValue, SqlOperation, Statement } from '@eden/domain';
import type { BindBatch } from './batch.js';
import { compileBatch } from './batch.js';
import type { Surroundings } from './expression/expression.js';
import type { ParameterList } from './expression/parameters.js';
import type { BatchValues, RootScope } from './expression/scope.js';
import { parseTemplate } from './handlebars/parse.js';
import type { Step } from './program.js';
import { compileProgram, run } from './program.js';
import { RenderBudget } from './budget.js';
import { TemplateProblem } from './problems.js';
import { RenderContext } from './rendering.js';
import type { StatementContents } from './sql/contents.js';
import type { SqlDialect } from './sql/dialect.js';
import { SqlOutput } from './sql/output.js';
import { SqlSurface } from './sql/surface.js';
import type { CompileText, RenderJson } from './text/json.js';
import { compileJson } from './text/json.js';

/** Everything that is the same for all operations of a template. */
export interface Compilation {
  readonly parameters: ParameterList;
  readonly attempt: CompileText;
}

export interface CompiledOperation {
  readonly usesRaw: boolean;
  /** @throws EdenError REQUIRED_PARAMETER_MISSING, TEMPLATE_NOT_RENDERED */
  bind(scope: Omit<RootScope, 'batch'>): BoundOperation;
}

interface Query {
  readonly steps: readonly Step<SqlOutput>[];
  readonly usesRaw: boolean;
  /** It names no parameters itself, whose numbers those of its values would meet. */
  readonly isBindable: boolean;
}

/** Compiles one query; what is wrong with its texts is kept by `attempt`. */
export function compileOperation(
  operation: SqlOperation,
  path: string,
  batch: { readonly spec: BatchSpec; readonly path: string } | null,
  { dialect, parameters, attempt }: Compilation & { readonly dialect: SqlDialect },
): CompiledOperation {
  if (operation.syntax === 'sql') return asWritten(operation.query);
  const around: Surroundings = { parameters, inBatch: batch !== null, itemDepth: 0, guards: [] };
  const texts = {
    query: attempt(`${path}.query`, () => compileQuery(operation, dialect, around)),
    params: (operation.params ?? []).map((param, i) => compileJson(param, `${path}.params[${i}]`, around, attempt)),
    batch: batch === null ? null : compileBatch(batch.spec, batch.path, around, attempt),
  };
  const rendered = new OperationText(texts.query, texts.params, `${path}.query`, dialect);
  return { usesRaw: texts.query?.usesRaw ?? false, bind: (scope) => bindOperation(rendered, texts.batch, scope) };
}

function asWritten(text: string): CompiledOperation {
  const operation: BoundOperation = { batch: null, render: () => ({ text, params: [], syntax: 'sql' }) };
  return { usesRaw: false, bind: () => operation };
}

function compileQuery(operation: SqlOperation, dialect: SqlDialect, around: Surroundings): Query {
  const surface = new SqlSurface(dialect);
  const steps = compileProgram(parseTemplate(operation.query), surface, around);
  surface.finish();
  const given = operation.params?.length ?? 0;
  if (given > 0) checkParameters(surface.contents, given);
  const isBindable = given === 0 && surface.contents.highestParameter.number === 0;
  return { steps, usesRaw: surface.usesRaw, isBindable };
}

/** The extended protocol, which binds parameters, takes one statement and all of its parameters. */
function checkParameters(contents: StatementContents, given: number): void {
  const { secondStatementAt, highestParameter } = contents;
  if (secondStatementAt !== null) {
    throw new TemplateProblem(secondStatementAt, 'a query with params can hold only one statement');
  }
  if (highestParameter.number > given) {
    const reason = `${highestParameter.name} has no value: params has ${given}`;
    throw new TemplateProblem(highestParameter.at(), reason);
  }
}

/** Renders at once, so that a value that does not fit is found before anything runs. */
function bindOperation(
  text: OperationText,
  bindBatch: BindBatch | null,
  scope: Omit<RootScope, 'batch'>,
): BoundOperation {
  const batch = bindBatch === null ? null : text.guarded((context) => bindBatch({ ...scope, batch: null }, context));
  const renderBatch = (after: JsonValue, size?: number, budget = new RenderBudget()): Rendered =>
    text.render({ ...scope, budget }, batch && { after, size: size ?? batch.size });
  const first = renderBatch(batch?.start ?? null, undefined, scope.budget);
  return {
    batch,
    bound: first.bound,
    render: (after, size) =>
      after === undefined || batch === null ? first.statement : renderBatch(after, size).statement,
  };
}

interface Rendered {
  readonly statement: Statement;
  readonly bound: BoundText | null;
}

class OperationText {
  constructor(
    private readonly query: Query | null | undefined,
    private readonly params: readonly RenderJson[],
    private readonly path: string,
    private readonly dialect: SqlDialect,
  ) {}

  render(scope: Omit<RootScope, 'batch'>, batch: BatchValues | null): Rendered {
    return this.guarded((context) => {
      const root: RootScope = { ...scope, batch };
      const out = context.enter(this.path, new SqlOutput(this.dialect, scope.budget));
      run(this.query?.steps ?? [], out, root);
      const statement = { text: out.finish(), params: this.params.map((param) => param(root, context)) };
      return { statement, bound: this.query?.isBindable === true ? out.bound : null };
    });
  }

  guarded<T>(render: (context: RenderContext) => T): T {
    const context = new RenderContext();
    try {
      return render(context);
    } catch (error) {
      throw context.failure(error);
    }
  }
}
