/** Thrown by the server: the adapter makes a port's error of it. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}
