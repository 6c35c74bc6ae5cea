import { describe, expect, it } from '@jest/globals';
import { ApiError, type Plan, type Run, type RunEvent } from '@eden/client';
import { describeDuration, parseDuration } from '../durations.js';
import { EXIT } from '../exit-codes.js';
import { readSettings } from '../input.js';
import { Terminal } from '../terminal.js';
import { surroundingsFor } from '../testing/captured.js';
import { describeError } from './error.js';
import { renderPlan, renderPlanMarkdown } from './plan.js';
import { describeEvent } from './run-event.js';
import { describeRun, progressLines, renderSteps } from './run.js';
import { renderTable } from './table.js';

const terminal = new Terminal(surroundingsFor({}).surroundings);

function plan(statement: string, parts: Partial<Plan> = {}): Plan {
  return {
    hash: 'abcdef0123456789',
    current: true,
    atomicity: 'atomic',
    created_at: '2026-11-26T12:00:00Z',
    databases: [
      {
        key: 'k',
        database: 'shop',
        endpoint: 'e1',
        role: 'app',
        server_version: '18.4',
        schema_fingerprint: 'f',
        last_resource: false,
      },
    ],
    apis: [
      {
        api: 'a1',
        api_id: 'customers',
        stage: 0,
        bindings: [
          {
            template: 't1',
            template_id: 'add|tier',
            endpoint: 'e1',
            endpoint_id: 'users',
            statements: [statement],
            fields: {},
            class: '2pc',
            findings: [{ rule: 'rewrite', severity: 'danger', message: 'rewrites the <table>' }],
            estimated_rows: 12,
          },
        ],
      },
    ],
    ...parts,
  } as Plan;
}

describe('a plan', () => {
  it('is a table that a reviewer reads', () => {
    expect(renderPlan(terminal, 'shop', plan('ALTER TABLE customers\n  ADD COLUMN tier text'))).toBe(
      [
        'Plan of shop: atomic, all databases commit or none does',
        '',
        'ENDPOINT  DATABASE  AS   SERVER  COMMIT',
        'users     shop      app  18.4    two-phase',
        '',
        'STAGE  ENDPOINT  API        STEP      ROWS  HOW                 STATEMENT',
        '    0  users     customers  add|tier    12  in the transaction  ALTER TABLE customers ADD COLUMN tier text',
        '',
        'Look out for:',
        '  danger: customers, add|tier: rewrites the <table> (rewrite)',
      ].join('\n'),
    );
  });

  it('says that it is out of date, and that there is nothing to run', () => {
    const text = renderPlan(terminal, 'shop', plan('', { current: false, apis: [] }));
    expect(text).toContain('This plan is out of date');
    expect(text).toContain('Nothing to run.');
  });

  it('in Markdown stays within its table, its fences and its tags', () => {
    const text = renderPlanMarkdown('shop', plan("SELECT '```\n</details><script>'"));
    expect(text).toContain('| 0 | users | customers | add\\|tier | 12 | in the transaction |');
    expect(text).toContain('rewrites the &lt;table>');
    expect(text).toContain("````sql\nSELECT '```\n</details><script>'\n````");
  });
});

describe('a run', () => {
  const run = {
    uuid: 'r',
    migration_id: 'shop',
    kind: 'migrate',
    state: 'in_doubt',
    started_at: '2026-11-26T12:00:00.000Z',
    finished_at: '2026-11-26T12:01:12.000Z',
    apis: [
      {
        api: 'a1',
        api_id: 'customers',
        state: 'running',
        bindings: [
          { template_id: 'add', state: 'succeeded', rows: 7, execution_time_ms: 40 },
          { template_id: 'fill', state: 'pending', rows: 0, execution_time_ms: 0 },
        ],
      },
    ],
  } as unknown as Run;

  it('is a line, with its progress and its steps by database', () => {
    expect(describeRun(run)).toBe('shop migrate in doubt in 1 min 12 s');
    expect(progressLines(terminal, run)).toEqual(['  customers  ████████░░░░░░░░ 1/2  7 rows  running']);
    expect(renderSteps(run, plan('x'))).toBe(
      [
        'ENDPOINT  API        STEP  STATE      ROWS  TIME',
        'users     customers  add   succeeded     7  40 ms',
        '–         customers  fill  pending       0  0 ms',
      ].join('\n'),
    );
  });

  it('names who is in its way', () => {
    const blocker = {
      pid: 12,
      user: 'ann',
      application: 'psql',
      query: 'LOCK TABLE x',
      age_ms: 61_000,
      database: 'd',
      prepared_id: null,
    };
    const event = {
      sequence: 1,
      at: '',
      type: 'blocked',
      data: { endpoint_id: 'users', blockers: [blocker] },
    } as RunEvent;
    expect(describeEvent(event)).toBe('users waits for session 12 (ann, psql), for 1 min 1 s: LOCK TABLE x');
  });

  it('has events that this version does not know, and none that command the terminal', () => {
    expect(describeEvent({ type: 'throttled', data: { by: 'lag' } } as unknown as RunEvent)).toBe(
      'throttled {"by":"lag"}',
    );
    const hostile = {
      type: 'finished',
      data: { state: 'failed', error: '\u001b]0;pwned\u0007' },
    } as unknown as RunEvent;
    expect(describeEvent(hostile)).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('an error', () => {
  it('says what is wrong, where, and what to do next', () => {
    const context = {
      failed_apis: ['uuid'],
      errors: [
        {
          api_id: 'orders',
          binding: 1,
          template: 'fill',
          error: 'Statement failed',
          message: 'duplicate key',
          sqlstate: '23505',
          statement: 2,
          line: 7,
          detail: 'Key (id)=(1)',
        },
      ],
    };
    expect(
      describeError(
        new ApiError(500, {
          error: 'Migration execution failed',
          code: 'MIGRATION_EXECUTION_FAILED',
          request_id: 'r1',
          ...context,
        }),
      ),
    ).toEqual([
      'Migration execution failed (MIGRATION_EXECUTION_FAILED, request r1)',
      '  orders, fill, binding 2, statement 2, line 7: duplicate key (23505)',
      '      detail: Key (id)=(1)',
      'Mend what is named above and try again.',
    ]);
  });

  it('has the suggestion of the service where there is one', () => {
    const context = {
      migration_id: 'shop',
      suggestion: 'Verify it exists',
      issues: [{ path: 'id', message: 'is required' }],
    };
    expect(
      describeError(new ApiError(400, { error: 'Validation failed', code: 'VALIDATION_FAILED', ...context })),
    ).toEqual([
      'Validation failed (VALIDATION_FAILED)',
      '  migration_id: shop',
      '  id: is required',
      'Verify it exists',
    ]);
  });

  it('never lacks a next step', () => {
    for (const status of [400, 401, 403, 404, 409, 418, 422, 423, 429, 500, 503]) {
      expect(describeError(new ApiError(status, { error: 'no', code: 'X' })).at(-1)).toMatch(/\.$/);
    }
    expect(describeError(new Error('a fault')).at(-1)).toMatch(/report/);
  });
});

describe('what is printed', () => {
  it('a table has no line breaks and no commands to the terminal in its cells', () => {
    expect(
      renderTable(
        ['A', 'B'],
        [
          ['x\ny\u0007', 1],
          [null, 100],
        ],
      ),
    ).toBe('A       B\nx y\ufffd    1\n–     100');
  });

  it('replaces lines only where somebody looks on, and never lets one wrap', () => {
    const { surroundings, written } = surroundingsFor({ isTTY: true });
    const live = new Terminal(surroundings, { color: 'always' });
    live.showLive(['short', live.style('red', 'x'.repeat(150))]);
    live.showLive(['again']);
    live.data('data');
    const up = '\u001b[1A\u001b[2K';
    expect(written()).toEqual({ out: 'data\n', err: `short\n${'x'.repeat(98)}…\n${up}${up}again\n${up}` });
    const ci = surroundingsFor({ isTTY: true, env: { CI: 'true' } });
    new Terminal(ci.surroundings).showLive(['never']);
    expect(ci.written().err).toBe('');
  });

  it('has colors only where they are wanted', () => {
    const styled = (env: Record<string, string>, isTTY: boolean, color?: 'always'): string =>
      new Terminal(surroundingsFor({ env, isTTY }).surroundings, { color }).style('red', 'x');
    expect(styled({}, false)).toBe('x');
    expect(styled({}, true)).not.toBe('x');
    expect(styled({ NO_COLOR: '1' }, true)).toBe('x');
    expect(styled({ NO_COLOR: '1' }, false, 'always')).not.toBe('x');
  });
});

describe('what is typed', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['45', 45_000],
  ])('a duration %s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '1d', 'm', '10 m', '-5s'])('%j is no duration', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }));
  });

  it('durations are read back', () => {
    expect([340, 2_140, 252_000, 11_100_000].map(describeDuration)).toEqual([
      '340 ms',
      '2.1 s',
      '4 min 12 s',
      '3 h 5 min',
    ]);
  });

  it('--set puts values where they belong, as JSON where they are', () => {
    expect(readSettings(['a=1', 'b.c=text', 'b.d=[1]', 'e==x', 'f='])).toEqual({
      a: 1,
      b: { c: 'text', d: [1] },
      e: '=x',
      f: '',
    });
    expect(() => readSettings(['nothing'])).toThrow(expect.objectContaining({ exitCode: EXIT.usage }));
  });
});
