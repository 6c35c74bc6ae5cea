import { queriesOf, type Template, type TemplateBody } from '@eden/domain';
import type { ControlDatabase } from '../control/control-database.js';
import { parseStatement, type StepStatement } from '../targets/statements.js';

type Step = Pick<StepStatement, 'binding' | 'at' | 'by'>;

/** The texts of migrations as they were at the T1 of an attempt. */
export class Texts {
  private readonly atT1 = new Map<string, readonly Template[]>();
  private readonly revisions = new Map<string, ReadonlyMap<string, number>>();

  begun(control: ControlDatabase, token: string): void {
    this.atT1.set(token, [...control.table('templates').values()]);
  }

  /** The revision of a step's text then; undefined where there was none. */
  of(token: string, step: Step): number | undefined {
    const templates = this.atT1.get(token);
    if (templates === undefined) return undefined;
    const known = this.revisions.get(token) ?? revisionsOf(templates);
    this.revisions.set(token, known);
    return known.get(keyOf(step));
  }
}

function revisionsOf(templates: readonly Template[]): ReadonlyMap<string, number> {
  const texts = templates.flatMap(({ body, settings }) => [body, ...(settings.rollback ? [settings.rollback] : [])]);
  return new Map(texts.flatMap(stepsIn).map((step) => [keyOf(step), step.revision]));
}

function stepsIn(body: TemplateBody): readonly StepStatement[] {
  return queriesOf(body).flatMap(({ query }) => {
    const parsed = parseStatement({ text: query, params: [] });
    return parsed.op === 'step' ? [parsed] : [];
  });
}

function keyOf({ binding, at, by }: Step): string {
  return `${binding}@${at}/${by}`;
}
