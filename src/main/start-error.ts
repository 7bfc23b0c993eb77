/** What ends a start that cannot be made. */

/** A mistake of whoever starts it: its message is for them, and no stack trace helps. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
