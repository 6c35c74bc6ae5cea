import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../exit-codes.js';
import { callAt, json } from '../testing/call-at.js';

const plan = { hash: '3f2a9c', atomicity: 'atomic', current: true, apis: [], databases: [], later_parts: [] };
const approval = { plan_hash: plan.hash, approved_by: 'bob', approved_at: '2026-11-27T12:00:00Z' };
const ANSWERS = {
  'GET /api/v1/migrations/shop/plan': json({ status: 'success', data: plan }),
  'POST /api/v1/migrations/shop/approve': json({ status: 'success', data: approval }),
};

describe('eden approve --plan', () => {
  it.each(['', ' ', 'latest', '3f2a9c '])('%j, which is the beginning of no hash, asks nothing', async (hash) => {
    const { code, err, asked } = await callAt(['approve', 'shop', '--yes', '--plan', hash], ANSWERS);
    expect([code, asked]).toEqual([EXIT.usage, []]);
    expect(err).toContain(`"${hash}" is no hash of a plan`);
  });

  it.each([
    ['3', EXIT.done, ['GET', 'POST']],
    ['3f2a9c', EXIT.done, ['GET', 'POST']],
    ['f', EXIT.refused, ['GET']],
  ])('%s approves the plan whose hash begins so, and no other', async (hash, end, methods) => {
    const { code, asked } = await callAt(['approve', 'shop', '--yes', '--plan', hash], ANSWERS);
    expect([code, asked.map((question) => question.split(' ')[0])]).toEqual([end, methods]);
  });
});

describe('eden approve', () => {
  it.each([['approve'], ['migrations', 'approve']])('without a terminal is meant: %j', async (...verb) => {
    const { code, err } = await callAt([...verb, 'shop'], ANSWERS);
    expect({ code, err }).toEqual({ code: EXIT.done, err: expect.stringContaining('Approved by bob') });
  });

  it.each([
    ['y\n', EXIT.done, ['GET', 'POST']],
    ['\n', EXIT.refused, ['GET']],
  ])('on a terminal asks, and %j has the exit code %d', async (input, end, methods) => {
    const { code, asked, err } = await callAt(['approve', 'shop'], ANSWERS, { input, isTTY: true, isTyped: true });
    expect([code, asked.map((question) => question.split(' ')[0])]).toEqual([end, methods]);
    expect(err).toContain('Approve this plan of shop? [y/N]');
  });
});

describe('eden approve --wait', () => {
  it.each([['approve'], ['migrations', 'approve']])('of %j is over with the approval', async (...verb) => {
    const { code, err } = await callAt([...verb, 'shop', '--yes', '--wait', '--timeout', '1m'], ANSWERS);
    expect({ code, err }).toEqual({ code: EXIT.done, err: expect.stringContaining('Approved by bob') });
  });
});
