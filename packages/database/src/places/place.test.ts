import { expect, it } from '@jest/globals';
import { placeName, placesOf, type Place } from './place.js';

function placeOf(url: string, name: string | undefined): Place {
  const [place, ...others] = placesOf(url, name);
  if (place === undefined || others.length > 0) throw new Error('not one place');
  return place;
}

it.each([
  ['postgresql://u:secret@db.example.com:6432/eden', 'db.example.com:6432/eden'],
  ['postgresql://u@DB.Example.com./eden', 'db.example.com:5432/eden'],
  ['postgresql://u@10.0.0.7/eden', '10.0.0.7:5432/eden'],
  ['postgresql://u@[fd00::7]/eden', 'fd00::7:5432/eden'],
  ['postgresql://u@ignored/eden?host=db.example.com', 'db.example.com:5432/eden'],
])('%s is a place by itself, whatever the installation is called', (url, expected) => {
  expect(placeName(placeOf(url, 'staging'))).toBe(expected);
  expect(placeName(placeOf(url, undefined))).toBe(expected);
});

it.each([
  ['postgresql://u:secret@control-db:6432/eden', 'control-db:6432/eden'],
  ['postgresql://u@localhost/eden', 'localhost:5432/eden'],
  ['postgresql://u@db.localhost/eden', 'db.localhost:5432/eden'],
  ['postgresql://u@127.0.0.5/eden', '127.0.0.5:5432/eden'],
  ['postgresql://u@[::1]/eden', '::1:5432/eden'],
  ['postgresql://u@[::ffff:127.0.0.1]/eden', '::ffff:7f00:1:5432/eden'],
  ['postgresql://u@/eden?host=/var/run/postgresql', '/var/run/postgresql:5432/eden'],
])('%s means another machine wherever it is said: the name of the installation stands in', (url, unnamed) => {
  const { port, database } = placeOf(url, undefined);
  expect(placeName(placeOf(url, undefined))).toBe(unnamed);
  expect(placeOf(url, 'staging')).toEqual({ host: 'staging', port, database });
});

it('is one for each host, and one for hosts that mean the same', () => {
  const url = 'postgresql://u@db1.example,db2.example:6432/eden?target_session_attrs=read-write';
  expect(placesOf(url, 'staging').map(placeName)).toEqual(['db1.example:5432/eden', 'db2.example:6432/eden']);
  expect(placesOf('postgresql://u@db1,db2/eden', 'staging').map(placeName)).toEqual(['staging:5432/eden']);
  expect(placesOf('postgresql://u@db1,db2/eden', undefined)).toHaveLength(2);
});
