import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { claim, claimInTime, giveUp } from './claimed-file.js';
import { newFolder } from './testing/captured.js';

const newFile = (): string => join(newFolder(), 'owner.json');
const DEAD = JSON.stringify({ pid: process.pid, startedAt: 'at another time' });

it('of many who claim it at once one has it, and the others are told who', async () => {
  const file = newFile();
  const owners = await Promise.all(Array.from({ length: 20 }, () => claim(file)));
  expect(owners.filter((owner) => owner === null)).toHaveLength(1);
  expect(owners.filter((owner) => owner?.pid === process.pid)).toHaveLength(19);
  expect(readdirSync(dirname(file))).toEqual([basename(file)]);
});

it('of many who find the claim of a dead process one has it', async () => {
  const file = newFile();
  writeFileSync(file, DEAD);
  const owners = await Promise.all(Array.from({ length: 20 }, () => claim(file)));
  expect(owners.filter((owner) => owner === null)).toHaveLength(1);
});

it('is waited for, and is free when it is given up', async () => {
  const file = newFile();
  await claim(file);
  await expect(claimInTime(file, 30)).rejects.toThrow(`process ${process.pid} has ${file}`);
  const waiting = claimInTime(file, 10_000);
  await giveUp(file);
  await waiting;
  expect(existsSync(file)).toBe(true);
});
