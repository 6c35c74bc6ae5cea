import { expect, it } from '@jest/globals';
import { sameHand } from './same-hand.js';

const keptBy = (isRobot: boolean, names: readonly string[]) => ({
  isRobot,
  keepers: names.map((name) => ({ name, isSuperAdmin: name === 'root' || name === 'second' })),
});
const robot = (...names: string[]) => keptBy(true, names);
const person = (...names: string[]) => keptBy(false, names);

/** Root is one of the first. Ann has robots and a user of her own, and a robot of hers has one, too. */
const KEEPING = new Map([
  ['second', person('root')],
  ['ann', person('root')],
  ['bob', person('root')],
  ['alias', person('ann')],
  ['anns', robot('ann')],
  ['anns-other', robot('ann')],
  ['anns-last', robot('anns')],
  ['ci', robot('root')],
  ['approver', robot('second')],
  ['shared', robot('second', 'root')],
  ['ring', robot('gnir')],
  ['gnir', robot('ring')],
  ['of-ring', robot('ring')],
  ['of-gnir', robot('gnir')],
]);

it.each([
  ['ann', 'ann', ''],
  ['anns', 'ann', 'is kept by ann, who '],
  ['anns-last', 'ann', 'is kept by ann, who '],
  ['alias', 'ann', 'is kept by ann, who '],
  ['ann', 'anns', 'keeps anns, who '],
  ['ann', 'anns-last', 'keeps anns-last, who '],
  ['root', 'bob', 'keeps bob, who '],
  ['anns-other', 'anns', 'is kept by ann, as is anns, which '],
  ['anns-other', 'anns-last', 'is kept by ann, as is anns-last, which '],
  ['alias', 'anns', 'is kept by ann, as is anns, which '],
  ['anns', 'alias', 'is kept by ann, as is alias, who '],
  ['anns-last', 'alias', 'is kept by ann, as is alias, who '],
  ['of-ring', 'of-gnir', 'is kept by gnir, as is of-gnir, which '],
  ['ci', 'bob', null],
  ['ci', 'second', null],
  ['shared', 'ci', 'is kept by root, as is ci, which '],
  ['ring', 'gnir', 'is kept by gnir, who '],
  ['ring', 'ci', null],
  ['bob', 'ann', null],
  ['bob', 'anns', null],
  ['bob', 'ci', null],
  ['approver', 'ci', null],
  ['second', 'ci', null],
  ['anns', 'ci', null],
])('%s, of what %s has done: %s', (subject, actor, tie) => expect(sameHand(subject, actor, KEEPING)).toBe(tie));
