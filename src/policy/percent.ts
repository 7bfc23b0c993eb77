/** Shares in percent, reckoned in whole numbers: 9,993 of 10,000 is 99.93 %, and no rounding decides anything. */

/** A decimal number as digits and how many of them stand after the point: 99.93 → 9993 and 2. */
function decimal(value: number): { digits: bigint; places: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

/** Whether `part` of `whole` is at least this many percent. Both are counts, and `whole` is above 0. */
export function reaches(part: number, whole: number, atLeast: number): boolean {
  const { digits, places } = decimal(atLeast);
  return BigInt(part) * 100n * 10n ** BigInt(places) >= digits * BigInt(whole);
}

/** Whether `part` of `whole` is more than this many percent; of nothing it is not. */
export function isOver(part: number, whole: number, atMost: number): boolean {
  const { digits, places } = decimal(atMost);
  return BigInt(part) * 100n * 10n ** BigInt(places) > digits * BigInt(whole);
}

/** `99.93` for 9,993 of 10,000: rounded down, so that what is not all never reads as 100. */
export function shareWords(part: number, whole: number, places: number): string {
  const scaled = (BigInt(part) * 100n * 10n ** BigInt(places)) / BigInt(whole);
  return words(scaled, places);
}

/** The same of a figure that is in percent already. */
export function percentWords(percent: number, places: number): string {
  const own = decimal(percent);
  const scaled = (own.digits * 10n ** BigInt(places)) / 10n ** BigInt(own.places);
  return words(scaled, places);
}

/** How many digits after the point a limit needs, and at least one. */
export function placesOf(limit: number): number {
  return Math.max(1, decimal(limit).places);
}

function words(scaled: bigint, places: number): string {
  const text = scaled.toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const fraction = text.slice(text.length - places).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
