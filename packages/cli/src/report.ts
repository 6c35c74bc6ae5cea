import { print, type Printing } from './render/output.js';

interface Told {
  /** As kubectl says it: `migration/shop`. */
  readonly name: string;
  readonly sentence: string;
  /** Which value of the answer nobody is told again. */
  readonly secret?: string | undefined;
}

/** The answer for programs, one line for people; a secret alone on stdout, so that it can be put where it belongs. */
export function report(printing: Printing, answer: unknown, { name, sentence, secret }: Told): void {
  const { data = answer } = answer as { data?: unknown };
  const { terminal } = printing;
  const table = (): void => {
    terminal.say(sentence);
    if (secret === undefined) return;
    terminal.say(`Its ${secret.replaceAll('_', ' ')} is shown this once:`);
    terminal.data(String((data as Readonly<Record<string, unknown>>)[secret]));
  };
  print(printing, data, { name, table });
}
