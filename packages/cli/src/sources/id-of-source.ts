/** What a source is called where it has no id of its own. */
export function idOfSource({ id, endpoint }: { readonly id?: string | undefined; readonly endpoint: string }): string {
  return id ?? endpoint;
}
