/** The chart of a stage as SVG: a card of its own with a panel per metric over one time axis. */

import type { ChartData, Mark } from './data.ts';
import { fitting, widthOf } from './letters.ts';
import { COLOURS, EDGE, PANEL_HEIGHT, PLOT, SIZES, TITLE_HEIGHT, WIDTH } from './look-of-it.ts';
import { drawPanel } from './panel.ts';
import { minuteTicks, type Scale, scaleTo } from './scale.ts';
import { element, escapeXml, textAt } from './svg.ts';
import { chartInWords, MARK_WORDS, markTime, progressWords } from './words.ts';

const HEADING_HEIGHT = 32;
const AXIS_HEIGHT = 22;
const ROW_HEIGHT = 19;
const BETWEEN = 10;

export function drawChart(data: ChartData): string {
  const x = scaleTo(data.length, minuteTicks(data.length), PLOT.left, PLOT.right);
  const top = HEADING_HEIGHT;
  const tops = data.panels.map(
    (_, index) => top + TITLE_HEIGHT + index * (TITLE_HEIGHT + PANEL_HEIGHT + BETWEEN),
  );
  const bottom = (tops.at(-1) ?? top) + PANEL_HEIGHT;
  const labels = markLabels(data, x);
  const rows = Math.max(0, ...labels.map(({ row }) => row + 1));
  const height = bottom + AXIS_HEIGHT + rows * ROW_HEIGHT + EDGE;
  const reach = { top: (tops[0] ?? top) - 2, bottom };
  const font = { 'font-family': 'IBM Plex Sans', 'font-weight': 400 };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, ...font },
    element('title', {}, escapeXml(chartInWords(data))),
    element('defs', {}, hatch('worse', COLOURS.canary, 0.75), hatch('silent', COLOURS.quiet, 0.7)),
    card(height),
    ...heading(data),
    ...spans(data, x, tops),
    ...data.panels.flatMap((panel, index) => drawPanel(panel, x, tops[index] ?? top, index)),
    ...axis(x, bottom),
    ...marks(data.marks, x, tops, reach.bottom),
    ...labels.map(({ text, left, width, row }) =>
      textAt(left + width / 2, bottom + AXIS_HEIGHT + 15 + row * ROW_HEIGHT, text, {
        size: SIZES.tick,
        fill: COLOURS.ink,
        anchor: 'middle',
        bold: true,
      }),
    ),
  );
}

function hatch(id: string, colour: string, opacity: number): string {
  const size = { width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' };
  const stroke = { stroke: colour, 'stroke-width': 2, 'stroke-opacity': opacity };
  return element('pattern', { id, ...size }, element('line', { x1: 0, y1: 0, x2: 0, y2: 5, ...stroke }));
}

function card(height: number): string {
  const box = { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 10 };
  return element('rect', { ...box, fill: COLOURS.card, stroke: COLOURS.edge });
}

function heading(data: ChartData): string[] {
  const right = progressWords(data);
  const room = WIDTH - 2 * EDGE - widthOf(right, SIZES.title) - 16;
  const share = `at ${Number(data.percent.toFixed(1))} %`;
  const name = `${data.service} ${data.version}`;
  const nameRoom = room - widthOf(` ${share}`, SIZES.heading, true);
  const left = `${fitting(name, nameRoom, SIZES.heading, true)} ${share}`;
  return [
    textAt(EDGE, 25, left, { size: SIZES.heading, fill: COLOURS.ink, bold: true }),
    textAt(WIDTH - EDGE, 25, right, { size: SIZES.title, fill: COLOURS.quiet, anchor: 'end' }),
  ];
}

/** Time held lies behind the lines; time without data is hatched at the foot of each panel. */
function spans(data: ChartData, x: Scale, tops: readonly number[]): string[] {
  const box = (from: number, to: number, y: number, height: number, fill: string): string =>
    element('rect', { x: x(from), y, width: Math.max(1.5, x(to) - x(from)), height, fill });
  return tops.flatMap((top) => [
    ...data.held.map(({ from, to }) => box(from, to, top, PANEL_HEIGHT, COLOURS.held)),
    ...data.silent.map(({ from, to }) => box(from, to, top + PANEL_HEIGHT - 10, 10, 'url(#silent)')),
  ]);
}

function axis(x: Scale, bottom: number): string[] {
  return x.ticks.flatMap((tick, index) => {
    const last = index === x.ticks.length - 1;
    const words = `${tick.toLocaleString('en-US')}${last ? ' min' : ''}`;
    const style = { size: SIZES.tick, fill: COLOURS.quiet, anchor: 'middle' as const };
    return [
      element('line', { x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 4, stroke: COLOURS.axis }),
      textAt(x(tick), bottom + 18, words, style),
    ];
  });
}

/** A line through each panel; short dashes where people steered, whole where the stage ended. */
function marks(all: readonly Mark[], x: Scale, tops: readonly number[], bottom: number): string[] {
  return all.flatMap(({ at, kind }) => {
    const steered = kind === 'held' || kind === 'resumed' || kind === 'extended';
    const style = {
      stroke: COLOURS.ink,
      'stroke-width': 1.4,
      'stroke-dasharray': steered ? '4 3' : undefined,
    };
    return [
      ...tops.map((top) =>
        element('line', { x1: x(at), x2: x(at), y1: top - 2, y2: top + PANEL_HEIGHT, ...style }),
      ),
      element('line', { x1: x(at), x2: x(at), y1: bottom, y2: bottom + 5, ...style }),
    ];
  });
}

interface Label {
  text: string;
  left: number;
  width: number;
  row: number;
}

const MAX_LABELS = 8;
const MAX_ROWS = 3;

/** Below the axis, from left to right, in as few rows as they need; of many, the newest. */
function markLabels(data: ChartData, x: Scale): Label[] {
  const silent = data.silent[0];
  const wanted = [
    ...(silent === undefined ? [] : [{ at: (silent.from + silent.to) / 2, text: 'no data' }]),
    ...data.marks.map(({ at, kind }) => ({ at, text: `${MARK_WORDS[kind]} at ${markTime(at)}` })),
  ];
  const placed: Label[] = [];
  for (const { at, text } of wanted.sort((a, b) => a.at - b.at).slice(-MAX_LABELS)) {
    const width = widthOf(text, SIZES.tick, true);
    const left = Math.min(Math.max(EDGE, x(at) - width / 2), WIDTH - EDGE - width);
    const taken = (row: number): boolean =>
      placed.some(
        (other) => other.row === row && left < other.left + other.width + 8 && other.left < left + width + 8,
      );
    const row = Array.from({ length: MAX_ROWS }, (_, index) => index).find((index) => !taken(index));
    if (row !== undefined) placed.push({ text, left, width, row });
  }
  return placed;
}
