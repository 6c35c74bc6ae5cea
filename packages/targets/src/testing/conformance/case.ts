import type { Ability } from './abilities.js';
import type { World } from './world.js';

export interface Case {
  readonly name: string;
  readonly needs: readonly Ability[];
  run(world: World): Promise<void>;
}

export interface Chapter {
  readonly name: string;
  /** Of all of its cases. */
  readonly needs?: readonly Ability[];
  readonly cases: readonly Case[];
}
