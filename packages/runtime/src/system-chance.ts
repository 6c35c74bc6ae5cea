import { randomUUID } from 'node:crypto';
import type { Chance } from '@eden/domain';

/** The machine's randomness. */
export const systemChance: Chance = { fraction: () => Math.random(), uuid: () => randomUUID() };
