import { describe, expect, it } from '@jest/globals';
import { LoginLimiter } from './login-limiter.js';

const ANN = { organization: 'acme', username: 'ann', address: '10.0.0.1' };

function limiterWithClock() {
  const clock = { now: 1_000_000 };
  return { clock, limiter: new LoginLimiter(() => clock.now) };
}

function fail(limiter: LoginLimiter, times: number, attempt: (n: number) => typeof ANN): void {
  for (let n = 0; n < times; n += 1) limiter.begin(attempt(n));
}

describe('the login limiter', () => {
  it('refuses the eleventh failure of a user from one address within a minute and says when to come back', () => {
    const { clock, limiter } = limiterWithClock();
    fail(limiter, 10, () => ANN);
    clock.now += 20_000;
    expect(() => limiter.begin(ANN)).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', context: { retry_after_seconds: 40 } }),
    );
    clock.now += 40_000;
    expect(() => limiter.begin(ANN)).not.toThrow();
  });

  it('does not count logins that succeed', () => {
    const { limiter } = limiterWithClock();
    for (let n = 0; n < 500; n += 1) {
      limiter.begin(ANN);
      limiter.succeeded(ANN);
    }
  });

  it('limits one user over many addresses', () => {
    const { limiter } = limiterWithClock();
    fail(limiter, 50, (n) => ({ ...ANN, address: `10.0.0.${n}` }));
    expect(() => limiter.begin({ ...ANN, address: '10.1.0.0' })).toThrow('Too many requests');
    expect(() => limiter.begin({ ...ANN, username: 'bob' })).not.toThrow();
  });

  it('lets a user in from an address of earlier logins, whoever else fails elsewhere', () => {
    const { limiter } = limiterWithClock();
    const home = { ...ANN, address: '192.0.2.1' };
    limiter.begin(home);
    limiter.succeeded(home);
    fail(limiter, 50, (n) => ({ ...ANN, address: `10.0.0.${n}` }));
    expect(() => limiter.begin({ ...ANN, address: '10.1.0.0' })).toThrow('Too many requests');
    expect(() => limiter.begin({ ...home, username: 'bob' })).not.toThrow();
    expect(() => limiter.begin(home)).not.toThrow();
    fail(limiter, 9, () => home);
    expect(() => limiter.begin(home)).toThrow('Too many requests');
  });

  it('spares no user at an address from which only others have logged in', () => {
    const { limiter } = limiterWithClock();
    const bob = { ...ANN, username: 'bob', address: '192.0.2.1' };
    limiter.begin(bob);
    limiter.succeeded(bob);
    fail(limiter, 50, (n) => ({ ...ANN, address: `10.0.0.${n}` }));
    expect(() => limiter.begin({ ...ANN, address: bob.address })).toThrow('Too many requests');
  });

  it('limits one address over many users', () => {
    const { limiter } = limiterWithClock();
    fail(limiter, 200, (n) => ({ ...ANN, username: `user-${n}` }));
    expect(() => limiter.begin({ ...ANN, username: 'another' })).toThrow('Too many requests');
    expect(() => limiter.begin({ ...ANN, username: 'another', address: '10.0.0.2' })).not.toThrow();
  });

  it('does not confuse users of different organizations', () => {
    const { limiter } = limiterWithClock();
    fail(limiter, 10, () => ANN);
    expect(() => limiter.begin({ ...ANN, organization: 'other' })).not.toThrow();
  });
});
