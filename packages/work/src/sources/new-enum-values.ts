import type { AnalysisContext, EnumValue, PlannedAfter, SourceMigration, StatementAnalysis } from '@eden/domain';

/** Values that files of one transaction add to enums. */
export class NewEnumValues {
  private values: (EnumValue & Pick<PlannedAfter, 'file' | 'version'>)[] = [];

  /** @param isCut Whether the plan is cut before whatever may have to wait; otherwise what surely has to is refused. */
  constructor(private readonly isCut: boolean) {}

  get all(): readonly EnumValue[] {
    return this.values;
  }

  /** Notes what the next file adds; answers which file it has to wait for. */
  note(
    { file, version }: SourceMigration,
    { addedEnumValues = [], usedEnumValues = [] }: StatementAnalysis,
  ): PlannedAfter | null {
    const [used] = usedEnumValues.toSorted((a, b) => Number(b.isCertain) - Number(a.isCertain));
    const last = this.values.findLast(({ type, value }) => type === used?.type && value === used.value);
    const after = used === undefined || last === undefined ? null : { ...last, isCertain: used.isCertain };
    // What stands before a cut is committed then, and one reason is enough for a refusal.
    if (after?.isCertain === true || (after !== null && this.isCut)) this.values = [];
    this.values.push(...addedEnumValues.map(({ type, value }) => ({ type, value, file, version })));
    return after;
  }
}

/** What is said of a file's text when it is looked at. */
export function contextOf({ all: newEnumValues }: NewEnumValues, signal: AbortSignal | undefined): AnalysisContext {
  return { newEnumValues, ...(signal === undefined ? {} : { signal }) };
}
