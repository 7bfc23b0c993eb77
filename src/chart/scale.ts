/** From figures to places: scales and round ticks. */

export interface Scale {
  /** From zero up to this. */
  max: number;
  ticks: number[];
  /** The place of a figure; beyond the ends for figures beyond them. */
  (value: number): number;
}

/** `from` is the place of zero, `to` that of the greatest figure. */
export function scaleTo(max: number, ticks: number[], from: number, to: number): Scale {
  const place = (value: number): number => from + (value / max) * (to - from);
  return Object.assign(place, { max, ticks });
}

const ROUND = [1, 2, 2.5, 5, 10];

/** Less than this is nothing. */
const LEAST = 0.001;

/** Ticks from zero to just over the greatest figure, at most `most` steps of a round width. */
export function roundTicks(greatest: number, most: number): number[] {
  const reach = greatest > LEAST ? greatest : 1;
  const least = reach / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (ROUND.find((round) => round * power >= least * (1 - 1e-9)) ?? 10) * power;
  const count = Math.max(1, Math.ceil(reach / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1_440];

/** Minutes as clocks divide them, none beyond the end, at most seven. */
export function minuteTicks(length: number): number[] {
  const step = STEPS.find((minutes) => length / minutes <= 6) ?? Math.ceil(length / 6 / 1_440) * 1_440;
  return Array.from({ length: Math.floor(length / step + 1e-9) + 1 }, (_, index) => index * step);
}
