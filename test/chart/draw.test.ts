/** The picture itself: well-formed, complete, and with no text over another, measured with the font it is drawn in. */

import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChartData, MARK_KINDS, type Panel, type Point } from '../../src/chart/data.ts';
import { drawChart } from '../../src/chart/draw.ts';
import { widthOf } from '../../src/chart/letters.ts';
import { WIDTH } from '../../src/chart/look-of-it.ts';
import { fontFiles, renderPng } from '../../src/chart/png.ts';
import { minuteTicks, roundTicks } from '../../src/chart/scale.ts';
import { chartInWords } from '../../src/chart/words.ts';
import { defined } from '../../src/defined.ts';
import { parseXml, type XmlElement } from './xml.ts';

const points = (values: readonly (number | null)[]): Point[] =>
  values.map((value, at) => ({ at: at + 1, value }));

const panel = (canary: (number | null)[], baseline: (number | null)[], more: Partial<Panel> = {}): Panel => ({
  title: 'Errors so far, % of requests',
  name: 'errors',
  unit: '%',
  lines: { baseline: points(baseline), canary: points(canary) },
  margin: { times: 1.25 },
  ...more,
});

const chart = (more: Partial<ChartData> = {}): ChartData => ({
  service: 'checkout',
  version: 'v2.1.0',
  percent: 25,
  length: 60,
  until: 3,
  watched: { passed: 3, of: 60 },
  ended: false,
  panels: [panel([0.4, 0.5, 0.6], [0.2, 0.2, 0.2])],
  marks: [],
  held: [],
  silent: [],
  ...more,
});

const texts = (svg: string): XmlElement[] => parseXml(svg).all('text');
const words = (svg: string): string[] => texts(svg).map(({ text }) => text);

interface Box {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const font = { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: 'IBM Plex Sans' };

/** Where the ink of each text is, as the renderer sees it. */
function inkOf(svg: string): Box[] {
  const root = parseXml(svg);
  return texts(svg).map((one) => {
    const alone = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${root.attributes.height}" font-family="IBM Plex Sans">${one.source.replace(/ stroke="[^"]*"/, '')}</svg>`;
    const box = new Resvg(alone, { font }).getBBox();
    if (box === undefined) throw new Error(`nothing is drawn of ${one.text}`);
    return { text: one.text, left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
  });
}

function expectNoOverlap(svg: string): void {
  const boxes = inkOf(svg);
  const height = Number(parseXml(svg).attributes.height);
  for (const [index, a] of boxes.entries()) {
    expect(a.left >= 0 && a.right <= WIDTH && a.top >= 0 && a.bottom <= height, `${a.text} is cut off`).toBe(
      true,
    );
    for (const b of boxes.slice(index + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      expect(apart, `${a.text} lies over ${b.text}`).toBe(true);
    }
  }
}

const figure = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e-9, 1e6, 123_456_789) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const anyPanel = fc
  .record({
    canary: fc.array(figure, { minLength: 1, maxLength: 40 }),
    baseline: fc.array(figure, { minLength: 1, maxLength: 40 }),
    unit: fc.constantFrom<Panel['unit']>('%', 'ms', ''),
    margin: fc.constantFrom<Panel['margin']>({ times: 1.25 }, { times: 10 }, { points: 0.5 }, undefined),
    limit: fc.option(fc.double({ min: 0.001, max: 200, noNaN: true }), { nil: undefined }),
    looked: fc.boolean(),
  })
  .map(({ unit, margin, limit, looked, ...measured }): Panel => {
    // A share is at most the whole.
    const most = unit === '%' ? 100 : Number.POSITIVE_INFINITY;
    const within = (value: number | null): number | null => value && Math.min(value, most);
    const [canary, baseline] = [measured.canary.map(within), measured.baseline.map(within)];
    const { margin: _none, ...plain } = panel(canary, baseline);
    return {
      ...plain,
      unit,
      ...defined({ margin, limit }),
      ...(looked
        ? { looks: { baseline: points(baseline.toReversed()), canary: points(canary.toReversed()) } }
        : {}),
    };
  });
const anyChart: fc.Arbitrary<ChartData> = fc
  .record({
    service: fc.oneof(fc.constant('checkout'), fc.string({ maxLength: 60, unit: 'grapheme-ascii' })),
    version: fc.oneof(fc.constant('v2.1.0'), fc.string({ maxLength: 60, unit: 'binary' })),
    percent: fc.double({ min: 0.1, max: 100, noNaN: true }),
    length: fc.oneof(fc.double({ min: 1, max: 300, noNaN: true }), fc.constantFrom(1, 60, 1_440, 20_160)),
    ended: fc.boolean(),
    panels: fc.array(anyPanel, { minLength: 1, maxLength: 2 }),
    marks: fc.array(
      fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), kind: fc.constantFrom(...MARK_KINDS) }),
      {
        maxLength: 12,
      },
    ),
    silent: fc.boolean(),
  })
  .map(({ marks, silent, ...rest }) =>
    chart({
      ...rest,
      until: rest.length / 2,
      marks: marks.map(({ share, kind }) => ({ at: share * rest.length, kind })).sort((a, b) => a.at - b.at),
      held: marks.length > 1 ? [{ from: 0, to: rest.length / 3 }] : [],
      silent: silent ? [{ from: 0, to: rest.length / 10 }] : [],
    }),
  );

describe('the chart of a stage', () => {
  it('K-5: draws every look of both arms, the arms apart by dash and shape as well as by colour', () => {
    const root = parseXml(drawChart(chart()));
    const stroked = root.all('path').filter(({ attributes }) => Number(attributes['stroke-width']) > 2);
    const [baseline, canary] = stroked;
    expect(stroked).toHaveLength(2);
    for (const line of stroked) expect(line.attributes.d?.match(/[ML]/g)).toHaveLength(3);
    expect(baseline?.attributes['stroke-dasharray']).toBeDefined();
    expect(canary?.attributes['stroke-dasharray']).toBeUndefined();
    expect(root.all('circle')).toHaveLength(3 + 1);
    const squares = root
      .all('rect')
      .filter(({ attributes }) => attributes.fill === baseline?.attributes.stroke);
    expect(squares).toHaveLength(3 + 1);
  });

  it('K-5: says at each line whose it is and where it stands, with the unit', () => {
    expect(words(drawChart(chart()))).toEqual(
      expect.arrayContaining(['0.6 %', 'canary', '0.2 %', 'baseline']),
    );
  });

  it('K-5: counts the minutes since the stage’s watch began', () => {
    expect(words(drawChart(chart()))).toEqual(
      expect.arrayContaining(['after 3 of 60 min', '0', '10', '20', '30', '40', '50', '60 min']),
    );
  });

  it('K-5: hatches what lies above the margin, and nothing where the canary is within it', () => {
    const hatched = (canary: number[]): boolean => {
      const svg = drawChart(chart({ panels: [panel(canary, [0.2, 0.2, 0.2])] }));
      const [only] = parseXml(svg)
        .all('path')
        .filter(({ attributes }) => attributes.fill === 'url(#worse)');
      if (only === undefined) throw new Error('no area above the margin is drawn');
      // Renderers cut it at the margin: count the pixels of it that are left.
      const clip = only.attributes['clip-path']?.slice(5, -1);
      const cut = parseXml(svg)
        .all('clipPath')
        .find(({ attributes }) => attributes.id === clip);
      const alone = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="300">${cut?.source}${only.source.replace('url(#worse)', '#f00')}</svg>`;
      return new Resvg(alone).render().pixels.some((byte) => byte > 200);
    };
    expect(hatched([0.4, 0.5, 0.6])).toBe(true);
    expect(hatched([0.21, 0.22, 0.2])).toBe(false);
  });

  it('K-5: marks where it was held, resumed and ended', () => {
    const marks = [
      { at: 10, kind: 'held' as const },
      { at: 25, kind: 'resumed' as const },
      { at: 60, kind: 'rolled_back' as const },
    ];
    const svg = drawChart(chart({ marks, held: [{ from: 10, to: 25 }] }));
    expect(words(svg)).toEqual(expect.arrayContaining(['held at 10', 'resumed at 25', 'rolled back at 60']));
  });

  it('AN-3: says of a rollback within the first minute after how many seconds it came', () => {
    const early = chart({ marks: [{ at: 0.66, kind: 'rolled_back' }] });
    expect(words(drawChart(early))).toContain('rolled back at 40 s');
    expect(chartInWords(early)).toMatch(/rolled back at 40 s$/);
    expect(chartInWords(chart({ marks: [{ at: 22.4, kind: 'held' }] }))).toMatch(/held at 22 min$/);
  });

  it('draws no line across looks that found nothing', () => {
    const svg = drawChart(chart({ panels: [panel([0.4, 0.5, null, 0.6, 0.6], [0.2, 0.2, 0.2, 0.2, 0.2])] }));
    const solid = parseXml(svg)
      .all('path')
      .filter(({ attributes }) => attributes['stroke-width'] === '2.6');
    expect(solid.map(({ attributes }) => attributes.d?.match(/[ML]/g)?.length)).toEqual([2, 2]);
  });

  it('shows a limit only where it is near enough not to flatten the lines', () => {
    const limits = (limit: number): string[] =>
      words(drawChart(chart({ panels: [panel([0.6], [0.2], { limit })] }))).filter((text) =>
        text.startsWith('limit'),
      );
    expect(limits(0.7)).toEqual(['limit 0.7 %']);
    expect(limits(5)).toEqual([]);
  });

  it('points at figures that are above the scale', () => {
    const looks = { baseline: points([0.2]), canary: points([50]) };
    const arrows = (more: Partial<Panel>): number =>
      parseXml(drawChart(chart({ panels: [panel([0.3], [0.2], more)] })))
        .all('path')
        .filter(({ attributes }) => attributes['fill-opacity'] === '0.45').length;
    expect(arrows({ looks })).toBe(1);
    expect(arrows({ looks: { ...looks, canary: points([0.3]) } })).toBe(0);
  });

  it('is well-formed, and no text lies over another or is cut off, whatever was measured', () => {
    fc.assert(
      fc.property(anyChart, (data) => {
        const svg = drawChart(data);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expectNoOverlap(svg);
      }),
      { numRuns: 60 },
    );
  });

  it('knows how wide its letters are', () => {
    const sample = '0123456789 checkout errors so far, % of requests at min ×…· WMwm';
    for (const bold of [false, true]) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="40" font-family="IBM Plex Sans"><text y="30" font-size="20" font-weight="${bold ? 600 : 400}">${sample}</text></svg>`;
      const drawn = new Resvg(svg, { font }).getBBox()?.width ?? 0;
      expect(Math.abs(drawn / widthOf(sample, 20, bold) - 1)).toBeLessThan(0.02);
    }
  });

  it('becomes a PNG of twice its size, without any font of the machine', async () => {
    const svg = drawChart(chart());
    const png = Buffer.from(await renderPng(svg));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(2 * WIDTH);
    expect(png.readUInt32BE(20)).toBe(2 * Number(parseXml(svg).attributes.height));
    expect(png.length).toBeLessThan(200_000);
    const resolved = createRequire(import.meta.url).resolve('@expo-google-fonts/ibm-plex-sans/package.json');
    expect(fontFiles().every((file) => file.startsWith(resolved.slice(0, -'package.json'.length)))).toBe(
      true,
    );
  });
});

describe('ticks', () => {
  it('are round, begin at zero and reach the greatest figure', () => {
    expect(roundTicks(0.42, 3)).toEqual([0, 0.2, 0.4, 0.6]);
    expect(roundTicks(0, 3)).toEqual([0, 0.5, 1]);
    fc.assert(
      fc.property(fc.double({ min: 0.002, max: 1e9, noNaN: true }), (greatest) => {
        const ticks = roundTicks(greatest, 3);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(4);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(greatest * (1 - 1e-6));
      }),
    );
  });

  it('of minutes are as clocks divide them, at most seven', () => {
    expect(minuteTicks(30)).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(minuteTicks(60)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(minuteTicks(1.5)).toEqual([0, 1]);
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e5, noNaN: true }), (length) => minuteTicks(length).length <= 7),
    );
  });
});
