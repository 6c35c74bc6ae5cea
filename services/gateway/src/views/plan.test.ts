import { expect, it } from '@jest/globals';
import type { Plan } from '@eden/domain';
import { viewPlan } from './plan.js';

const binding = (endpoint: string, more: object = {}) => ({ endpoint, statements: [], findings: [], ...more });
const at = (stage: number, position: number) => ({ stage, position });
const database = (endpoint: string, more: object = {}) => ({ identity: { key: endpoint }, endpoint, ...more });

function stepsOf(apis: readonly object[], databases: readonly object[]) {
  const plan = { hash: 'a1', apis, databases } as unknown as Plan;
  return viewPlan(plan, { planHash: 'a1' }).databases.map(({ steps }) => steps);
}

it('tells for each database its steps in the order in which they run there', () => {
  const apis = [
    { api: 'later', ...at(1, 0), bindings: [binding('orders'), binding('users')] },
    { api: 'second', ...at(0, 2), bindings: [binding('users')] },
    { api: 'first', ...at(0, 1), bindings: [binding('orders'), binding('users'), binding('users')] },
  ];
  expect(stepsOf(apis, [database('users'), database('orders'), database('idle')])).toEqual([
    [
      { api: 'first', binding: 1 },
      { api: 'first', binding: 2 },
      { api: 'second', binding: 0 },
      { api: 'later', binding: 1 },
    ],
    [
      { api: 'first', binding: 0 },
      { api: 'later', binding: 0 },
    ],
    [],
  ]);
});

it('counts what further endpoints reach, and names files; what is outside stands before or after', () => {
  const file = (name: string, phase?: string) =>
    binding('again', { file: { file: name }, ...(phase !== undefined && { outside: { phase } }) });
  const apis = [
    { api: 'folder', ...at(0, 0), bindings: [file('1.sql', 'after'), file('2.sql'), file('3.sql', 'before')] },
  ];
  expect(stepsOf(apis, [database('users', { others: ['again'] })])).toEqual([
    [
      { api: 'folder', binding: 2, file: '3.sql' },
      { api: 'folder', binding: 1, file: '2.sql' },
      { api: 'folder', binding: 0, file: '1.sql' },
    ],
  ]);
});
