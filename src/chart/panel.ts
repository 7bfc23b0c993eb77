/** One panel: both arms over time, the margin between them, and a label at the end of each line. */

import type { Arms, Panel, Point } from './data.ts';
import { widthOf } from './letters.ts';
import { COLOURS, EDGE, PANEL_HEIGHT, PLOT, SIZES, WIDTH } from './look-of-it.ts';
import { roundTicks, type Scale, scaleTo } from './scale.ts';
import { element, type Place, path, textAt } from './svg.ts';
import { compact, lastOf, marginEnd, marginWords, measured } from './words.ts';

interface Frame {
  panel: Panel;
  x: Scale;
  y: Scale;
  top: number;
  bottom: number;
  /** Unique in the picture. */
  id: string;
}

export function drawPanel(panel: Panel, x: Scale, top: number, index: number): string[] {
  const bottom = top + PANEL_HEIGHT;
  const ticks = roundTicks(greatest(panel), 3);
  const y = scaleTo(ticks.at(-1) ?? 1, ticks, bottom, top);
  const frame: Frame = { panel, x, y, top, bottom, id: `panel${index}` };
  return [
    element(
      'clipPath',
      { id: frame.id },
      element('rect', { x: PLOT.left, y: top - 1, width: PLOT.right - PLOT.left, height: PANEL_HEIGHT + 2 }),
    ),
    ...title(frame),
    ...grid(frame),
    element('g', { 'clip-path': `url(#${frame.id})` }, ...margin(frame), ...limit(frame), ...arms(frame)),
    ...beyond(frame),
    ...limitLabel(frame),
    ...endLabels(frame),
  ];
}

/** A share so far begins with next to nothing: the first figures do not set the scale. */
const SETTLED = 3;

/**
 * The scale holds both lines and, as far as they do not flatten these, the single looks, the margin and a limit that
 * is near.
 */
function greatest({ lines, looks, margin: allowed, limit: bound }: Panel): number {
  const known = (points: readonly Point[]): number[] => points.flatMap(({ value }) => value ?? []);
  const settled = (points: readonly Point[]): number[] => {
    const all = known(points);
    return all.length > 2 * SETTLED ? all.slice(SETTLED) : all;
  };
  const baseline = Math.max(0, ...settled(lines.baseline));
  const most = Math.max(baseline, ...settled(lines.canary));
  const single = Math.max(0, ...known(looks?.baseline ?? []), ...known(looks?.canary ?? []));
  const end = marginEnd(allowed, baseline) ?? 0;
  const near = bound !== undefined && bound <= most * 1.5 ? bound * 1.1 : 0;
  return Math.max(most * 1.08, Math.min(single, most * 1.8), Math.min(end * 1.04, most * 2.2), near);
}

function title({ panel, top }: Frame): string[] {
  const y = top - 11;
  const drawn = [textAt(EDGE, y, panel.title, { size: SIZES.title, fill: COLOURS.ink, bold: true })];
  if (panel.margin === undefined || lastOf(panel.lines.baseline) === undefined) return drawn;
  const words = `margin ${marginWords(panel.margin)}`;
  const right = WIDTH - EDGE;
  const left = right - widthOf(words, SIZES.tick) - 22;
  if (left < EDGE + widthOf(panel.title, SIZES.title, true) + 8) return drawn;
  return [
    ...drawn,
    textAt(right, y, words, { size: SIZES.tick, fill: COLOURS.quiet, anchor: 'end' }),
    element('rect', { x: left, y: y - 11, width: 16, height: 12, rx: 2, fill: COLOURS.margin }),
  ];
}

function grid({ y }: Frame): string[] {
  const style = { size: SIZES.tick, fill: COLOURS.quiet, anchor: 'end' as const };
  return [
    ...y.ticks.map((tick) =>
      element('line', {
        x1: PLOT.left,
        x2: PLOT.right,
        y1: y(tick),
        y2: y(tick),
        stroke: tick === 0 ? COLOURS.axis : COLOURS.grid,
      }),
    ),
    ...y.ticks.map((tick) => textAt(PLOT.left - 7, y(tick) + 4.5, tickWords(tick), style)),
  ];
}

/** The unit is in the title. */
const tickWords = (tick: number): string =>
  tick < 10_000 ? tick.toLocaleString('en-US', { maximumSignificantDigits: 3 }) : compact(tick);

/** The band in which a canary is no worse, and hatching where it has left it. */
function margin({ panel, x, y, top, bottom, id }: Frame): string[] {
  return runsOf(panel.lines.baseline).flatMap((run, index) => {
    const under = run.map(({ at, value }): Place => [x(at), y(value)]);
    const over = run.map(({ at, value }): Place => [x(at), y(marginEnd(panel.margin, value) ?? value)]);
    const [first, last] = [over[0], over.at(-1)];
    if (panel.margin === undefined || first === undefined || last === undefined) return [];
    const beyondMargin = `${id}over${index}`;
    const sky: Place[] = [...over, [last[0], top - 1], [first[0], top - 1]];
    return [
      element('path', { d: `${path([...over, ...under.toReversed()])}Z`, fill: COLOURS.margin }),
      element('path', { d: path(over), fill: 'none', stroke: COLOURS.axis, 'stroke-width': 1 }),
      element('clipPath', { id: beyondMargin }, element('path', { d: `${path(sky)}Z` })),
      ...runsOf(panel.lines.canary).map((canary) => {
        const line = canary.map(({ at, value }): Place => [x(at), y(value)]);
        const ends: Place[] = [
          [line.at(-1)?.[0] ?? 0, bottom],
          [line[0]?.[0] ?? 0, bottom],
        ];
        const area = `${path([...line, ...ends])}Z`;
        return element('path', { d: area, fill: 'url(#worse)', 'clip-path': `url(#${beyondMargin})` });
      }),
    ];
  });
}

function limit({ panel, y }: Frame): string[] {
  if (panel.limit === undefined || panel.limit > y.max) return [];
  const at = y(panel.limit);
  const line = { x1: PLOT.left, x2: PLOT.right, y1: at, y2: at, stroke: COLOURS.limit };
  return [element('line', { ...line, 'stroke-width': 1.4, 'stroke-dasharray': '1.5 3' })];
}

function limitLabel({ panel, y, top }: Frame): string[] {
  if (panel.limit === undefined || panel.limit > y.max) return [];
  const place = y(panel.limit);
  const words = `limit ${measured(panel.limit, panel.unit)}`;
  const style = { size: SIZES.tick, fill: COLOURS.ink, halo: true };
  return [textAt(PLOT.left + 6, place - top < 18 ? place + 15 : place - 5, words, style)];
}

function arms({ panel, x, y }: Frame): string[] {
  const looks = panel.looks ?? panel.lines;
  const single = panel.looks !== undefined;
  const radius = Math.min(2.6, Math.max(0.9, (PLOT.right - PLOT.left) / (4 * looks.canary.length)));
  const dots = (arm: keyof Arms): string[] =>
    looks[arm].flatMap(({ at, value }) =>
      value === null ? [] : dot(arm, x(at), y(value), radius * (single ? 0.8 : 1), single ? 0.5 : 1),
    );
  const lines = (arm: keyof Arms): string[] =>
    runsOf(panel.lines[arm]).map((run) =>
      element('path', {
        d: path(run.map(({ at, value }): Place => [x(at), y(value)])),
        fill: 'none',
        stroke: COLOURS[arm],
        'stroke-width': arm === 'canary' ? 2.6 : 2.2,
        'stroke-linejoin': 'round',
        'stroke-linecap': arm === 'canary' ? 'round' : 'butt',
        'stroke-dasharray': arm === 'canary' ? undefined : '7 4',
      }),
    );
  return [...dots('baseline'), ...dots('canary'), ...lines('baseline'), ...lines('canary')];
}

/** Round for the canary, square for the baseline. */
function dot(arm: keyof Arms, x: number, y: number, radius: number, opacity: number): string {
  const style = { fill: COLOURS[arm], 'fill-opacity': opacity };
  if (arm === 'canary') return element('circle', { cx: x, cy: y, r: radius, ...style });
  const side = radius * 1.7;
  return element('rect', { x: x - side / 2, y: y - side / 2, width: side, height: side, ...style });
}

/** A figure above the scale is not left out without a word: an arrow says that there is more. */
function beyond({ panel, x, y, top }: Frame): string[] {
  const arrows = (points: Arms | undefined, opacity: number): string[] =>
    (['baseline', 'canary'] as const).flatMap((arm) =>
      (points?.[arm] ?? []).flatMap(({ at, value }) => {
        if (value === null || value <= y.max) return [];
        const tip = x(at);
        const d = `${path([
          [tip - 3, top + 4],
          [tip, top - 1],
          [tip + 3, top + 4],
        ])}Z`;
        return [element('path', { d, fill: COLOURS[arm], 'fill-opacity': opacity })];
      }),
    );
  return [...arrows(panel.looks, 0.45), ...arrows(panel.lines, 1)];
}

const BLOCK = SIZES.label + SIZES.name + 4;

/** Beside the plot, at the height of the line's end, and moved apart where they would touch. */
function endLabels({ panel, x, y, top, bottom }: Frame): string[] {
  const ends = (['baseline', 'canary'] as const).flatMap((arm) => {
    const last = lastOf(panel.lines[arm]);
    return last === undefined ? [] : [{ arm, last, from: Math.max(top, y(last.value)) }];
  });
  const centres = apart(
    ends.map(({ from }) => from),
    BLOCK + 3,
    [top + BLOCK / 2, bottom - BLOCK / 2 + 3],
  );
  return ends.flatMap(({ arm, last, from }, index) => {
    const centre = centres[index] ?? from;
    const left = PLOT.right + 14;
    const lead: Place[] = [
      [x(last.at) + 5, from],
      [PLOT.right - 4, from],
      [left - 4, centre],
    ];
    const from0 = lead[0]?.[0] ?? 0;
    const leadsOn = from0 < PLOT.right - 6 ? lead : lead.slice(1);
    const value = measured(last.value, panel.unit);
    return [
      element('path', { d: path(leadsOn), fill: 'none', stroke: COLOURS[arm], 'stroke-opacity': 0.55 }),
      ...dot(arm, x(last.at), from, 4, 1),
      textAt(left, centre - 1, value, { size: SIZES.label, fill: COLOURS[arm], bold: true }),
      textAt(left, centre + SIZES.name, arm, { size: SIZES.name, fill: COLOURS[arm] }),
    ];
  });
}

/** The same order, within the bounds, and at least so far apart where the bounds have room for it. */
export function apart(
  wanted: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const within = wanted.map((place) => Math.min(Math.max(place, low), high));
  const order = within.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const touch = order.some(({ place }, rank) => rank > 0 && place - (order[rank - 1]?.place ?? 0) < gap);
  if (!touch) return within;
  const middle = order.reduce((sum, { place }) => sum + place, 0) / order.length;
  const reach = ((order.length - 1) / 2) * gap;
  const first = Math.min(Math.max(middle - reach, low), high - 2 * reach);
  const result: number[] = [];
  for (const [rank, { index }] of order.entries()) result[index] = first + rank * gap;
  return result;
}

/** Stretches without a gap. */
function runsOf(points: readonly Point[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [[]];
  for (const { at, value } of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ at, value });
  }
  return runs.filter((run) => run.length > 0);
}
