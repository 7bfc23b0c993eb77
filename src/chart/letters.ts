/** How wide the chart's letters are: the advance widths of IBM Plex Sans, so that the layout needs no font. */

/** Thousandths of the size, from the space to the tilde. */
const REGULAR = [
  236, 284, 419, 713, 598, 927, 694, 242, 335, 335, 450, 600, 272, 399, 272, 383, 600, 600, 600, 600, 600,
  600, 600, 600, 600, 600, 292, 292, 600, 600, 600, 477, 891, 641, 653, 621, 671, 583, 559, 695, 707, 400,
  510, 634, 501, 812, 707, 708, 606, 708, 640, 581, 572, 678, 609, 891, 613, 593, 580, 317, 383, 317, 600,
  565, 600, 534, 580, 503, 580, 549, 324, 528, 568, 250, 250, 527, 272, 873, 568, 560, 580, 580, 367, 487,
  351, 568, 492, 768, 507, 499, 464, 343, 314, 343, 600,
];
const SEMIBOLD = [
  236, 309, 471, 656, 600, 960, 713, 260, 337, 337, 556, 600, 299, 402, 299, 437, 600, 600, 600, 600, 600,
  600, 600, 600, 600, 600, 319, 319, 600, 600, 600, 493, 899, 672, 663, 642, 689, 600, 577, 712, 719, 423,
  545, 678, 521, 817, 719, 712, 641, 712, 664, 611, 580, 689, 638, 949, 655, 632, 599, 329, 437, 329, 600,
  559, 600, 559, 600, 513, 600, 558, 350, 545, 588, 275, 275, 562, 294, 888, 588, 563, 600, 600, 393, 499,
  374, 588, 524, 819, 544, 524, 502, 363, 376, 363, 600,
];
/** Anything else: as wide as the widest letters there are. */
const OTHER = 1_000;
const KNOWN: Record<string, number> = { '…': 869, '×': 600, '·': 349 };

/** In the units of the size; kerning may make it a little less. */
export function widthOf(text: string, size: number, bold = false): number {
  const widths = bold ? SEMIBOLD : REGULAR;
  const thousandths = [...text].reduce(
    (sum, letter) => sum + (KNOWN[letter] ?? widths[letter.charCodeAt(0) - 32] ?? OTHER),
    0,
  );
  return (thousandths * size) / 1_000;
}

/** As much of a text as fits, with an ellipsis where something is missing. */
export function fitting(text: string, width: number, size: number, bold = false): string {
  if (widthOf(text, size, bold) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, size, bold) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
