import type { Content } from '../handlebars/statements.js';
import type { Placeholder, Step, Surface } from '../program.js';
import { Output } from '../program.js';
import { TemplateProblem } from '../problems.js';
import { writeText } from './write-text.js';

/** Text that needs no escaping, because it is bound and never parsed. */
export class TextOutput extends Output {
  #text = '';

  get text(): string {
    return this.#text;
  }

  write(text: string): void {
    this.budget.write(text.length);
    this.#text += text;
  }
}

/** The surface of bound parameters and batch settings. */
export class TextSurface implements Surface<TextOutput, null> {
  state = null;

  content({ text }: Content): readonly Step<TextOutput>[] {
    return [
      (out) => {
        out.write(text);
      },
    ];
  }

  placeholder({ kind, evaluate, at }: Placeholder): Step<TextOutput> {
    if (kind !== 'value' && kind !== 'list') throw new TemplateProblem(at, `${kind} stands only in SQL text`);
    return (out, scope) => {
      out.at = at;
      out.write(writeText(evaluate(scope) ?? null));
    };
  }

  checkBlock(): void {
    // Blocks may stand anywhere in plain text.
  }

  enterLoop(): null {
    return null;
  }

  leaveLoop(): null {
    return null;
  }

  merge(): null {
    return null;
  }
}
