import { EdenError, queriesOf } from '@eden/domain';
import type {
  BoundOperation,
  CompiledTemplate,
  JsonObject,
  JsonValue,
  TemplateBody,
  TemplateDefinition,
  TemplatePort,
} from '@eden/domain';

const PLACEHOLDER = /"\{\{(\w+)\}\}"/g;

/**
 * A template is a statement of the simulated targets' language in which `"{{name}}"` stands for a value. One for each
 * process: what is compiled is kept by it, and another schedule has other texts under the same names.
 */
export function simulatedTemplates(): TemplatePort {
  return { compile };
}

function compile({ body, settings }: TemplateDefinition): CompiledTemplate {
  const names = [...new Set(queriesOf(body).flatMap(({ query }) => namesIn(query)))];
  return {
    parameters: names.map((name) => ({ name, required: true })),
    usesRaw: false,
    bind: (values) => ({
      operations: bound(body, values),
      rollback: settings.rollback === undefined ? [] : bound(settings.rollback, values),
    }),
  };
}

function namesIn(query: string): readonly string[] {
  return [...query.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);
}

function bound(body: TemplateBody, values: JsonObject): readonly BoundOperation[] {
  return queriesOf(body).map(({ query, batch }) => {
    const text = query.replace(PLACEHOLDER, (_, name: string) => JSON.stringify(valueOf(values, name)));
    if (batch === undefined) return { batch: null, render: () => ({ text, params: [] }) };
    const { start = 0, commit = 'together' } = batch;
    const render: BoundOperation['render'] = (after = start, size = Number(batch.size)) => ({
      text: text.replace('"{{batch.after}}"', String(after)).replace('"{{batch.size}}"', String(size)),
      params: [],
    });
    return { batch: { size: Number(batch.size), start, commit }, render };
  });
}

function valueOf(values: JsonObject, name: string): JsonValue {
  const value = values[name];
  if (value === undefined) throw new EdenError('REQUIRED_PARAMETER_MISSING', { parameter: name });
  return value;
}
