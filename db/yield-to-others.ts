/** Between two pages of long work others have their turn. */

export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
