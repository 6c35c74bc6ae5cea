/** What to write where a syntax error is met at a literal: as a rule it was rendered where a name has to stand. */
export const NAME_HINT = 'if a name has to stand there, the template writes {{ident table}} and not {{table}}';
