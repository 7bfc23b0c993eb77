/** What every preset must say. */

/** Throws where a preset leaves out a setting that has no other source: a fault of the preset, not of the file. */
export function required<T>(value: T | undefined, setting: string): T {
  if (value === undefined) throw new Error(`the preset does not say ${setting}`);
  return value;
}
