import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createTelemetry } from '@eden/telemetry';
import { parse } from 'yaml';
import { findProgram, run } from './programs.js';
import { note, readProjectFile } from './repository.js';

const RULES = 'charts/eden-migrations/alerts.yaml';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

const { groups } = parse(readProjectFile(RULES)) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

const promtool = findProgram('promtool');
if (promtool === undefined)
  note('promtool is not installed, so alerts and dashboard are not tried. It is in the package prometheus');

/** Those of the metrics in the expressions that no process has. */
async function unknownMetrics(expressions: readonly string[]): Promise<string[]> {
  const exposed = await createTelemetry({ service: 'worker', level: 'silent' }).metricsText();
  const known = new Set([...exposed.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = expressions.map((expression) => expression.match(/\b(eden|process|nodejs)_\w+/g) ?? []);
  expect(asked.filter((names) => names.length === 0)).toEqual([]);
  return asked.flat().filter((name) => !known.has(name.replace(/_(bucket|count|sum)$/, '')) && !known.has(name));
}

const testRules = promtool === undefined ? test.skip : test;

describe('the alerts', () => {
  test('ask for metrics that exist', async () => {
    expect(await unknownMetrics(rules.map(({ expr }) => expr))).toEqual([]);
  });

  test('each has a part of its own in docs/operations.md', () => {
    const headings = [...readProjectFile('docs/operations.md').matchAll(/^#+ (Eden\w+)$/gm)].map(([, name]) => name);
    expect(headings.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook_url).toMatch(new RegExp(`/docs/operations\\.md#${alert.toLowerCase()}$`));
    }
  });

  testRules('are raised by what they are for, and by nothing less', () => {
    const outcome = run(promtool ?? '', ['test', 'rules', 'tests/deployment/alerts.promtool.yaml']);
    expect(outcome).toMatchObject({ status: 0 });
  });
});

describe('the dashboard', () => {
  const { panels } = JSON.parse(readProjectFile('charts/eden-migrations/dashboards/eden-migrations.json')) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  test('asks for metrics that exist', async () => {
    expect(queries.length).toBeGreaterThan(15);
    expect(await unknownMetrics(queries)).toEqual([]);
  });

  test('has every metric of ours that the alerts ask for', () => {
    const shown = queries.join(' ');
    const asked = rules.flatMap(({ expr }) => expr.match(/eden_\w+/g) ?? []);
    expect(asked.filter((name) => !shown.includes(name))).toEqual([]);
  });

  testRules('has queries that parse', () => {
    const written = queries.map((expr) => ({ record: 'a_query', expr: expr.replaceAll('$__rate_interval', '5m') }));
    const file = join(mkdtempSync(join(tmpdir(), 'eden-dashboard-')), 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: written }] }));
    // Two panels may ask the same.
    expect(run(promtool ?? '', ['check', 'rules', '--lint=none', file])).toMatchObject({ status: 0 });
  });
});
