export interface LintFinding {
  readonly rule: string;
  readonly severity: 'warning' | 'danger';
  readonly message: string;
  /** Of the text, from 1; the first of several. Absent: it is not about a line. */
  readonly line?: number;
}

/** A finding that a comment of the text takes out of force. */
export interface SilencedFinding extends LintFinding {
  /** As the comment says. */
  readonly reason: string;
}

/** A table or a column that is there no longer by its name; names are in small letters. */
export interface GoneName {
  readonly table: string;
  /** Null: all of the table. */
  readonly column: string | null;
}

/**
 * What a rule says of a place of a text. Whether it counts is known once all texts of the run are: what the run makes
 * itself, nobody else has seen yet.
 */
export interface LintPlace extends LintFinding {
  readonly line: number;
  /** Not where one of these was made before, in the same run and database. */
  readonly unless?: readonly string[];
  /** Not where one of these is made anywhere in the same run and database. */
  readonly unlessEver?: readonly string[];
  /** Only where one of these was made before, in the same run and database. */
  readonly onlyIf?: readonly string[];
  /** Only where an API that is not of the run uses it. */
  readonly gone?: GoneName;
}

/** A rule that a comment of a text takes out of force in it. */
export interface LintIgnore {
  readonly rule: string;
  readonly reason: string;
  readonly line: number;
}

/** What lint knows of a text by itself. */
export interface TextLint {
  readonly places: readonly LintPlace[];
  /** Names of what it makes, as places name them. */
  readonly makes: readonly string[];
  readonly ignores: readonly LintIgnore[];
}

export const NOTHING_TO_LINT: TextLint = { places: [], makes: [], ignores: [] };
