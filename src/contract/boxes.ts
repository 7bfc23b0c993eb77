/** The boxes and marks that people set before something to tick, in Markdown and in what was pasted from elsewhere. */

const BOX =
  /^(?:\[([ \u00a0xX✓✔✅]?)\]|\(([ xX])\)|([☐□▢⬜🔲❌✗✘☒❎])\uFE0F?|([☑✅✔✓🗹])\uFE0F?)(?:[ \t]+|$)/u;

export interface Box {
  checked: boolean;
  /** Of what it takes at the start of its line. */
  length: number;
}

/** A cross is no tick: what failed, or was left out, is not done. */
export function boxOf(text: string): Box | undefined {
  const match = BOX.exec(text);
  if (match === null) return undefined;
  const [all, square, round, , ticked] = match;
  const inside = (square ?? round ?? '').trim();
  return { checked: ticked !== undefined || inside !== '', length: all.length };
}
