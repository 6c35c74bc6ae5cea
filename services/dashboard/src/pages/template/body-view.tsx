import { Code } from '../../parts/code.js';
import { jsonText } from '../../parts/json.js';
import { TEXTS } from '../../texts.js';
import { operationsOf, type Body } from './template-text.js';

const T = TEXTS.template;

/** A body of a template to read: its statements, or its request. */
export function BodyView({ body, label }: { readonly body: Body; readonly label: string }) {
  if ('method' in body) {
    const { method, path, ...rest } = body;
    return <Code label={label} text={[`${method} ${path}`, jsonText(rest)].join('\n').trimEnd()} />;
  }
  const operations = operationsOf(body);
  return operations.map(({ query, ...beside }, index) => (
    <div key={index}>
      {operations.length > 1 && <h3>{T.operation(index + 1)}</h3>}
      <Code label={operations.length > 1 ? `${label}, ${T.operation(index + 1)}` : label} text={query} />
      {Object.values(beside).some((value) => !Array.isArray(value) || value.length > 0) && (
        <p className="dim">
          <code>{JSON.stringify(beside)}</code>
        </p>
      )}
    </div>
  ));
}
