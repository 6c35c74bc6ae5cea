import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '../http/http-request.js';
import { basicOf, bearerOf, equalSecrets } from './credentials.js';

function request(authorization?: string): HttpRequest {
  return { header: () => authorization } as unknown as HttpRequest;
}

function basic(text: string): HttpRequest {
  return request(`Basic ${Buffer.from(text).toString('base64')}`);
}

describe('credentials', () => {
  it('are read whatever the case of the scheme', () => {
    expect(bearerOf(request('bearer abc'))).toBe('abc');
    expect(basicOf(basic('ann:a:b:ä'))).toEqual({ username: 'ann', password: 'a:b:ä' });
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'abc'])('of another form are refused: %s', (header) => {
    expect(() => bearerOf(request(header))).toThrow('Authentication required');
  });

  it.each(['ann', ':password', ''])('without user or colon are refused: "%s"', (text) => {
    expect(() => basicOf(basic(text))).toThrow('Authentication required');
  });

  it('with a name that PostgreSQL could not even look up are refused', () => {
    expect(() => basicOf(basic('ann\0:password'))).toThrow('Authentication required');
  });

  it('are compared whatever their lengths', () => {
    expect(equalSecrets('token', 'token')).toBe(true);
    expect(equalSecrets('token', 'token2')).toBe(false);
    expect(equalSecrets('', 'token')).toBe(false);
  });
});
