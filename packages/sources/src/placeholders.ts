const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** With what `valueOf` says for each `${name}`; where it says nothing, it stays as it is written. */
export function replaceNames(text: string, valueOf: (name: string) => string | undefined): string {
  // Behind the last brace nothing ends, and a search for an end would be made again for every beginning.
  const end = text.lastIndexOf('}') + 1;
  const replaced = text.slice(0, end).replace(PLACEHOLDER, (whole, name: string) => valueOf(name) ?? whole);
  return replaced + text.slice(end);
}
