import { describe, expect, it } from '@jest/globals';
import { ApiError, type Plan, type Run, type RunEvent } from '@eden/client';
import { describeDuration, parseDuration } from '../durations.js';
import { EXIT } from '../exit-codes.js';
import { readSettings } from '../input.js';
import { Terminal } from '../terminal.js';
import { surroundingsFor } from '../testing/captured.js';
import { describeError } from './error.js';
import { renderPlanJunit, renderPlanSarif } from './plan-report.js';
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
        findings: [],
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
    later_parts: [],
    ...parts,
  } as unknown as Plan;
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

  it('as SARIF and JUnit names each finding with its file in the working tree', () => {
    const findings = [
      { rule: 'rewrite', severity: 'danger', message: 'rewrites <t> & "u"' },
      { rule: 'slow', severity: 'warning', message: 'is slow', line: 7 },
    ];
    const step = {
      template_id: null,
      source: 'users',
      file: 'a b/1.sql',
      endpoint_id: 'users',
      statements: ['SELECT 1'],
      findings,
    };
    const made = plan('SELECT 1', { later_parts: [[step]] } as unknown as Partial<Plan>);
    const paths = { users: './db/users/' };
    const { version, runs } = JSON.parse(renderPlanSarif('shop', made, paths)) as { version: string; runs: object[] };
    expect(version).toBe('2.1.0');
    const uri = 'db/users/a%20b/1.sql';
    expect(runs).toMatchObject([
      {
        tool: { driver: { name: 'eden', rules: [{ id: 'rewrite' }, { id: 'slow' }] } },
        results: [
          { ruleId: 'rewrite', level: 'error', locations: [{ logicalLocations: [{ name: 'add|tier' }] }] },
          {
            ruleId: 'rewrite',
            level: 'error',
            locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }],
          },
          {
            ruleId: 'slow',
            level: 'warning',
            message: { text: 'users, a b/1.sql: is slow' },
            locations: [{ physicalLocation: { region: { startLine: 7 } } }],
          },
        ],
      },
    ]);
    expect(renderPlanJunit('shop', { ...made, apis: [] }, paths)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites tests="1" failures="1">',
        '  <testsuite name="eden plan of shop" tests="1" failures="1">',
        '    <testcase classname="users" name="a b/1.sql" file="db/users/a b/1.sql">',
        '      <failure type="rewrite" message="rewrites &lt;t&gt; &amp; &quot;u&quot;"/>',
        '      <system-out>warning: is slow (slow)</system-out>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
      ].join('\n'),
    );
  });

  it('shows what comments silence apart, with their reasons, which fails nothing', () => {
    const silenced = [{ rule: 'drop-table', severity: 'danger', message: 'DROP', line: 7, reason: 'a <b> & c' }];
    const found = { rule: 'truncate', severity: 'danger', message: 'TRUNCATE', line: 3 };
    const made = (findings: object[]): Plan => {
      const step = {
        template_id: null,
        source: 'users',
        file: '1.sql',
        endpoint_id: 'users',
        statements: [],
        findings,
      };
      const apis = [{ api: 'a', api_id: 'users', stage: 0, bindings: [{ ...step, silenced }] }];
      return plan('', { apis } as unknown as Partial<Plan>);
    };
    const line = 'users, 1.sql: DROP (drop-table, silenced: a <b> & c)';
    expect(renderPlan(terminal, 'shop', made([]))).toContain(`\n\nSilenced by comments:\n  ${line}`);
    expect(renderPlan(terminal, 'shop', made([]))).not.toContain('Look out for');
    expect(renderPlanMarkdown('shop', made([]))).toContain('#### Silenced by comments\n\n- users, 1.sql: DROP');
    const { runs } = JSON.parse(renderPlanSarif('shop', made([found]), {})) as { runs: { results: object[] }[] };
    const at = (startLine: number) => [{ physicalLocation: { region: { startLine } } }];
    expect(runs[0]?.results).toMatchObject([
      { ruleId: 'truncate', locations: at(3) },
      { ruleId: 'drop-table', locations: at(7), suppressions: [{ kind: 'inSource', justification: 'a <b> & c' }] },
    ]);
    expect(runs[0]?.results[0]).not.toHaveProperty('suppressions');
    expect(renderPlanJunit('shop', made([]), {})).toContain('<testsuites tests="1" failures="0">');
    expect(renderPlanJunit('shop', made([]), {})).not.toContain('<failure');
    expect(renderPlanJunit('shop', made([found]), {})).toContain('failures="1"');
  });

  it('says what later parts run, and what each waits for', () => {
    const step = { template_id: null, file: '2_use.sql', endpoint_id: 'users', statements: ['SELECT 2'], findings: [] };
    const waiting = { ...step, after: { file: '1_add.sql', type: 'mood', value: 'glad' } };
    const parts = {
      atomicity: 'best effort',
      later_parts: [[waiting, { ...step, file: '3.sql' }]],
    } as unknown as Partial<Plan>;
    const text = renderPlan(terminal, 'shop', plan('SELECT 1', parts));
    expect(text).toContain('This is part 1 of 2, each atomic by itself');
    expect(text).toMatch(/ 2 +users +2_use\.sql +1_add\.sql, which adds 'glad' to mood\n +2 +users +3\.sql/);
    const markdown = renderPlanMarkdown('shop', plan('SELECT 1', parts));
    expect(markdown).toContain("| 2 | users | 2_use.sql | 1_add.sql, which adds 'glad' to mood |");
    expect(markdown).toContain('<details><summary>later, 2_use.sql</summary>');
  });

  it('warns of databases and of later parts as well', () => {
    const finding = { rule: 'lock-timeout', severity: 'warning' as const, message: 'waits <long>' };
    const silenced = [{ ...finding, reason: 'known' }];
    const step = { template_id: null, file: '2.sql', endpoint_id: 'users', statements: [], findings: [finding] };
    const parts = { later_parts: [[{ ...step, silenced }]] } as unknown as Partial<Plan>;
    const [database] = plan('SELECT 1').databases;
    const made = plan('SELECT 1', { ...parts, databases: [{ ...database!, findings: [finding] }] });
    const found = [
      'warning: shop: waits <long> (lock-timeout)',
      'danger: customers, add|tier: rewrites the <table> (rewrite)',
      'warning: later, 2.sql: waits <long> (lock-timeout)',
    ];
    const lines = ['Look out for:', ...found, '', 'Silenced by comments:'];
    expect(renderPlan(terminal, 'shop', made).replaceAll(/^ +/gm, '')).toContain(lines.join('\n'));
    expect(renderPlanMarkdown('shop', made)).toContain('- **warning**: shop: waits &lt;long> (lock-timeout)');
  });

  it('shows the SQL of a file without the comments of its tool, and names the databases where nothing runs', () => {
    const [database] = plan('').databases;
    const idle = { ...database, database: 'orders', endpoint: 'e2' } as Plan['databases'][number];
    const text = renderPlan(
      terminal,
      'shop',
      plan('-- migrate:up\n\n  -- of ticket 7\nCREATE TABLE t (id int);', { databases: [...plan('').databases, idle] }),
    );
    expect(text).toMatch(/transaction {2}CREATE TABLE t \(id int\);\n/);
    expect(text).toMatch(/two-phase\nNothing to run in orders\.\n/);
  });

  it('says what is noted in a history without being run', () => {
    const apis = [{ api: 'a1', api_id: 'shop.catalog', stage: 0, bindings: [], baseline: ['1', '2'] }];
    const words = 'Noted as applied, and not run: 2 files of shop.catalog, up to 2.';
    expect(renderPlan(terminal, 'shop', plan('', { apis }))).toContain(`Nothing to run.\n${words}`);
    expect(renderPlanMarkdown('shop', plan('', { apis }))).toContain(`\n\n${words}\n`);
  });

  it('says what was found of it as a whole', () => {
    const findings = [{ rule: 'nothing-to-do', severity: 'warning' as const, message: 'nothing runs' }];
    const empty = plan('', { apis: [], findings });
    expect(renderPlan(terminal, 'shop', empty)).toContain('Look out for:\n  warning: nothing runs (nothing-to-do)');
    expect(renderPlanMarkdown('shop', empty)).toContain('- **warning**: nothing runs (nothing-to-do)');
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
    expect(renderTable(['A'], [['\u001b]0;pwned\u0007'], ['\u001b[2J']])).not.toContain('\u001b');
  });

  it('a table may have more rows than a call takes arguments', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [index]);
    expect(renderTable(['A'], rows).split('\n')).toHaveLength(200_001);
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
