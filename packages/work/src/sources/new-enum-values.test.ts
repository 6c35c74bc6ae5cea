import { expect, it } from '@jest/globals';
import type { PlannedAfter, SourceMigration, StatementAnalysis } from '@eden/domain';
import { NewEnumValues } from './new-enum-values.js';

const GLAD = { type: 'mood', value: 'glad' };

/** What each of three files has to wait for: the first adds a value, the second may use it, the third does. */
function note(isCut: boolean): readonly (PlannedAfter | null)[] {
  const values = new NewEnumValues(isCut);
  const analyses: readonly Partial<StatementAnalysis>[] = [
    { addedEnumValues: [GLAD] },
    { usedEnumValues: [{ ...GLAD, isCertain: false }] },
    { usedEnumValues: [{ ...GLAD, isCertain: true }] },
  ];
  const files = analyses.map((analysis, index) => ({ analysis, file: { file: `${index}.sql`, version: `${index}` } }));
  return files.map(({ analysis, file }) => values.note(file as SourceMigration, analysis as StatementAnalysis));
}

it('a sure use of a new value counts behind a doubtful one, unless the plan is cut between them', () => {
  const after = { version: '0', file: '0.sql', ...GLAD };
  const doubtful = { ...after, isCertain: false };
  expect(note(false)).toEqual([null, doubtful, { ...after, isCertain: true }]);
  expect(note(true)).toEqual([null, doubtful, null]);
});
