import type { LintPlace, TextLint } from '@eden/domain';

/** Texts that run one after the other, as one. */
export function joinLints(lints: readonly TextLint[]): TextLint {
  const made = new Set<string>();
  const places = lints.flatMap((lint) => {
    const counting = lint.places.filter(({ unless = [] }) => !unless.some((name) => made.has(name)));
    const known = counting.map((place) => withoutCondition(place, made));
    for (const name of lint.makes) made.add(name);
    return known;
  });
  return { places, makes: [...made], ignores: lints.flatMap(({ ignores }) => ignores) };
}

function withoutCondition(place: LintPlace, made: ReadonlySet<string>): LintPlace {
  const { onlyIf, ...rest } = place;
  return onlyIf?.some((name) => made.has(name)) === true ? rest : place;
}
