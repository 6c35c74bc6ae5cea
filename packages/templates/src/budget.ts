import { RenderProblem } from './problems.js';

/** In UTF-16 units, all statements together. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** Parts of the template that are come to, and elements of the lists that it makes. */
const MOST_STEPS = 20_000_000;

/** What one rendering of a template may write and do, all its statements together: nobody else is served meanwhile. */
export class RenderBudget {
  #characters = 0;
  #steps = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {}

  /** @throws RenderProblem */
  write(characters: number): void {
    this.#characters += characters;
    if (this.#characters <= this.mostCharacters) return;
    throw new RenderProblem(`the statements have more than ${this.mostCharacters} characters`);
  }

  /** @throws RenderProblem */
  work(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new RenderProblem('the loops of the template have too much to do');
  }
}
