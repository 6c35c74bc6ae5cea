import { asUuid } from '@eden/domain';
import type { Uuid } from '@eden/domain';

/**
 * Numbers that one seed decides: sfc32 of Chris Doty-Humphrey's PractRand, seeded by splitmix32. Fast, and the same
 * everywhere.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    let state = seed >>> 0;
    const mixed = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let word = state ^ (state >>> 16);
      word = Math.imul(word, 0x21f0aaad);
      word ^= word >>> 15;
      word = Math.imul(word, 0x735a2d97);
      return word ^ (word >>> 15);
    };
    [this.a, this.b, this.c] = [mixed(), mixed(), mixed()];
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** 32 bits. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Evenly between 0 (included) and 1 (excluded). */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** A whole number of 0 … `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  uuid(): Uuid {
    const hex = [this.next(), this.next(), this.next(), this.next()].map((word) => word.toString(16).padStart(8, '0'));
    const digits = hex.join('');
    const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
    return asUuid([...parts, digits.slice(20)].join('-'));
  }

  /** A source of its own, so that what one part draws moves nothing in another. */
  fork(): Random {
    return new Random(this.next());
  }
}
