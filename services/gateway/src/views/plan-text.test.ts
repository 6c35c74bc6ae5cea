import { describe, expect, it } from '@jest/globals';
import type { Migration, Plan } from '@eden/domain';
import { planText } from './plan-text.js';

const finding = (line: number) => ({ rule: 'drop-table', severity: 'danger', message: 'DROP TABLE', line });
const step = (templateId: string, more: object) => ({
  ...{ templateId, endpointId: 'db', class: '2pc', statements: [], findings: [], estimatedRows: null },
  ...more,
});

function textOf(parts: object): string {
  const plan = { hash: 'a1', atomicity: 'best effort', createdAt: '2026-11-27', apis: [], databases: [], ...parts };
  return planText(plan as unknown as Plan, { id: 'shop', planHash: 'a1', options: {} } as unknown as Migration);
}

describe('a plan as text', () => {
  it('warns of the steps of later parts as well', () => {
    const apis = [{ apiId: 'shop.users', stage: 0, bindings: [step('1.sql', { findings: [finding(1)] })] }];
    const silenced = [{ ...finding(2), reason: 'agreed' }];
    const laterParts = [[step('2.sql', { findings: [finding(1)] })], [step('3.sql', { silenced })]];
    const found = [
      'Look out for:',
      '  danger: shop.users, 1.sql: DROP TABLE (drop-table)',
      '  danger: later, 2.sql: DROP TABLE (drop-table)',
      '',
      'Silenced by comments:',
      '  later, 3.sql: DROP TABLE (drop-table): agreed',
    ];
    expect(textOf({ apis, laterParts })).toContain(`\n${found.join('\n')}\n`);
  });
});
