import { describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '@eden/client';
import { WORK } from './work.js';

describe('an approval', () => {
  const POST = jest.fn();
  const approve = (planHash: string | undefined): Promise<unknown> =>
    WORK.approve({ POST } as unknown as Connection, { migration: 'shop' }, { form: new FormData(), planHash });

  it('is of the plan that was looked at', async () => {
    await approve('abc');
    expect(POST).toHaveBeenCalledWith('/api/v1/migrations/{migration}/approve', {
      params: { path: { migration: 'shop' } },
      body: { plan_hash: 'abc' },
    });
  });

  it('is none where no plan has been read', async () => {
    POST.mockClear();
    await expect(approve(undefined)).rejects.toThrow('has not been read');
    expect(POST).not.toHaveBeenCalled();
  });
});
