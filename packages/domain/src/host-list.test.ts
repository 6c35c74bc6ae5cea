import { expect, it } from '@jest/globals';
import { readHostList } from './host-list.js';

it.each([
  ['postgresql://u:p@h1/db', ['postgresql://u:p@h1/db'], 'any'],
  ['postgres://u@h1/db?target_session_attrs=read-write', ['postgres://u@h1/db'], 'read-write'],
  [
    'postgresql://u:p%40%2C@h1:5432,h2,[::1]:6/db?target_session_attrs=primary&sslmode=require',
    [
      'postgresql://u:p%40%2C@h1:5432/db?sslmode=require',
      'postgresql://u:p%40%2C@h2/db?sslmode=require',
      'postgresql://u:p%40%2C@[::1]:6/db?sslmode=require',
    ],
    'primary',
  ],
  ['postgresql://u@/db?host=/run', ['postgresql://u@/db?host=/run'], 'any'],
])('reads %s', (text, urls, sessionAttrs) => {
  expect(readHostList(text)).toEqual({ urls, sessionAttrs });
});

it.each([
  'mysql://u@h1,h2/db',
  'postgresql://u@h1,,h2/db',
  'postgresql://u@h1:x,h2/db',
  'postgresql://u@h1,h2:99999/db',
  'postgresql://u@h1/db?target_session_attrs=standby',
  'nonsense',
])('reads nothing in %s', (text) => {
  expect(readHostList(text)).toBeNull();
});
