/** The boxes and marks that people set before something to tick, in Markdown, in Slack's words for them, and in what was pasted from elsewhere. */

const BOX =
  /^(?:\[([ \u00a0xX✓✔✅]?)\]|\(([ xX])\)|([☐□▢⬜🔲🔳◻◽▫■◼⬛🟥🟧🟨🟩🟦❌✗✘☒❎]|:(?:white_(?:large_|medium_|small_)*square|black_large_square|x|negative_squared_cross_mark):)\uFE0F?|([☑✅✔✓🗹]|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check):)\uFE0F?)(?:[ \t]+|$)/u;

export interface Box {
  checked: boolean;
  /** Of what it takes at the start of its line. */
  length: number;
}

/** A cross is no tick, and neither is a colour: what failed, or was left out, is not done. */
export function boxOf(text: string): Box | undefined {
  const match = BOX.exec(text);
  if (match === null) return undefined;
  const [all, square, round, , ticked] = match;
  const inside = (square ?? round ?? '').trim();
  return { checked: ticked !== undefined || inside !== '', length: all.length };
}
