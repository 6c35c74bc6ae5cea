import { describe, expect, it } from '@jest/globals';
import type { CompiledTemplate, EdenError } from '@eden/domain';
import { createTemplateEngine } from './index.js';

const engine = createTemplateEngine();

function compile(query: string): CompiledTemplate {
  return engine.compile({ endpointKind: 'Postgres', kind: 'Write', body: { query }, settings: {} });
}

function errorOf(action: () => unknown): Pick<EdenError, 'code' | 'context'> {
  try {
    action();
  } catch (error) {
    const { code, context } = error as EdenError;
    return { code, context };
  }
  throw new Error('Nothing was thrown');
}

describe('a text of many parts', () => {
  const size = 256 * 1024;
  const filled = (part: string): string => part.repeat(size / part.length);

  it.each([
    ['tags', `SELECT 1 ${filled(', {{x}}')}`],
    ['comments', `SELECT 1 ${filled('{{!----}} ')}`],
    ['unfinished tags', `SELECT 1 ${filled('{{#if x')}`],
    ['brackets in a tag', `SELECT {{x ${filled('[')}`],
    ['quotes', `SELECT ${filled("'")}, {{x}}`],
    ['blank lines', `SELECT ${filled('\n')} 1 {{#if x}}, {{x}}{{/if}}`],
    ['signs', `SELECT ${filled('+')}=1 {{#if x}}, {{x}}{{/if}}`],
    ['line ends behind a literal', `SELECT 'a'${filled('\n--\n')} {{#if x}}, {{x}}{{/if}}`],
    ['blocks', `SELECT 1 ${filled("{{#if x}}, 'a{{x}}'{{/if}} ")}`],
    ['parentheses', `SELECT {{x ${filled('(')}`],
    ['blocks in blocks', filled('{{#if x}}')],
  ])('is compiled or refused in time that grows with its length: %s', (_, query) => {
    const begin = process.cpuUsage();
    try {
      compile(query);
    } catch (error) {
      expect((error as EdenError).code).toBe('VALIDATION_FAILED');
    }
    // Of the processor, whoever else is at it. Linear work takes well under a second; work that grows with the square took minutes.
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(15);
  });

  it('is refused for a parameter that has no value, however many it names', () => {
    const body = { query: `SELECT ${filled('?,')} ?`, params: [1] };
    const error = errorOf(() => engine.compile({ endpointKind: 'MySQL', kind: 'Read', body, settings: {} }));
    const message = expect.stringContaining(`parameter ${size / 2 + 1} has no value: params has 1`);
    expect(error.context['issues']).toEqual([{ path: 'template.template.query', message }]);
  });

  it('of a header keeps the blanks within it', () => {
    const body = { method: 'POST', path: '/a', headers: { 'X-A': '{{x}}' } } as const;
    const x = `a${filled(' ')}b`;
    const compiled = engine.compile({ endpointKind: 'Http', kind: 'Write', body, settings: {} });
    expect(compiled.bind({ x: ` \t${x}\t ` }).operations[0]?.render().text).toContain(x);
  });

  it('cannot loop without end', () => {
    const x = Array.from({ length: 1_000 }, (_, i) => i);
    const error = errorOf(() =>
      compile('SELECT 1{{#each x}}{{#each ../x}}{{#each ../../x}}{{/each}}{{/each}}{{/each}}').bind({ x }),
    );
    expect(error.context['details']).toContain('the loops of the template have too many turns');
  });

  it.each([
    ['makes lists', '{{#each x}}{{#if (list @root.x)}}{{/if}}{{/each}}'],
    ['has conditions', `{{#each x}}${'{{#if y}}{{/if}}'.repeat(5_000)}{{/each}}`],
  ])('has an end where it %s in each turn and writes nothing', (_, loop) => {
    const x = Array.from({ length: 5_000 }, (_item, i) => i);
    const error = errorOf(() => compile(`SELECT 1 ${loop}`).bind({ x, y: 1 }));
    expect(error.context['details']).toContain('the loops of the template have too much to do');
  });

  it('has a length, all its statements and their values together', () => {
    const operations = [{ query: 'SELECT {{x}}' }, { query: 'SELECT $1', params: ['{{x}}.'] }];
    const compiled = engine.compile({
      endpointKind: 'Postgres',
      kind: 'Transaction',
      body: { operations },
      settings: {},
    });
    const length = 2 * "SELECT ''".length + 2 * size;
    expect(compiled.bind({ x: 'x'.repeat(size) }, length + 10).operations).toHaveLength(2);
    const error = errorOf(() => compiled.bind({ x: 'x'.repeat(size) }, length - 10));
    expect(error.context['details']).toContain(`the statements have more than ${length - 10} characters`);
  });
});
