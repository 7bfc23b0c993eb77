/** `/deploy metrics`: how often, how fast and how safely is delivered (MT-1, MT-2, K-7). */

import type { Delivery } from '../src/deployment/delivery/delivery.ts';
import { type DeliveryFigures, sumUp, sumUpBy } from '../src/deployment/delivery/sum-up.ts';
import type { Duration, Instant } from '../src/time.ts';
import { context, inWords, type Rendered, section, sectionsOf } from './blocks.ts';
import { DELIVERY_HEADINGS, deliveryCells, deliveryLines, whyTheyWentBack } from './delivery-words.ts';
import { table } from './table.ts';
import { dateTime, duration, inline, plural } from './text.ts';

/** More rows than these are left to a narrower question. */
const MAX_ROWS = 15;
const MAX_REASONS = 5;

export interface DeliveryAsked {
  period: Duration;
  /** As people read it. */
  team?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  /** There was more than is summed up at once: what is older is left out. */
  since?: Instant | undefined;
}

export function renderDelivery(deliveries: readonly Delivery[], asked: DeliveryAsked): Rendered {
  const where = [asked.team ?? asked.service, asked.environment]
    .filter((name) => name !== undefined)
    .map((n) => inline(n));
  const of = where.length === 0 ? '' : ` of ${where.join(' in ')}`;
  const heading = `*Delivery${of}, the last ${duration(asked.period)}*`;
  if (deliveries.length === 0) {
    const text = `Nothing${of} started in the last ${duration(asked.period)}. For a longer time: \`/deploy metrics 90 days\``;
    return { text, blocks: [section(text)] };
  }
  const isOfMany =
    asked.service === undefined && (asked.environment !== undefined || asked.team !== undefined);
  const key = isOfMany ? 'service' : 'environment';
  const rows = sumUpBy(key, deliveries, asked.period);
  const all = sumUp('', deliveries, asked.period);
  const why = whyTheyWentBack(deliveries, MAX_REASONS).map((line) => `• ${inline(line, 300)}`);
  const lines = deliveryLines(all).map((line) => inline(line, 500));
  const notes = [
    'Drills and what never started are not counted. Times are medians.',
    ...(rows.length > MAX_ROWS ? [`${plural(rows.length - MAX_ROWS, 'more row')}: name a service.`] : []),
    ...(asked.since === undefined
      ? []
      : [`There is more than this sums up: only since ${dateTime(asked.since)}.`]),
  ];
  return {
    text: inWords([
      heading.replaceAll('*', ''),
      ...rows.slice(0, MAX_ROWS).map(inOneLine),
      ...lines,
      ...why,
      ...notes,
    ]),
    blocks: [
      section(heading),
      table(
        [key === 'service' ? 'Service' : 'Environment', ...DELIVERY_HEADINGS],
        rows.slice(0, MAX_ROWS).map((row) => [row.name, ...deliveryCells(row)]),
      ),
      ...sectionsOf([...lines, ...why]),
      context(notes.join(' ')),
    ],
  };
}

function inOneLine(row: DeliveryFigures): string {
  const cells = deliveryCells(row).map((cell, index) => `${DELIVERY_HEADINGS[index]?.toLowerCase()} ${cell}`);
  return `${inline(row.name)}: ${cells.join(', ')}`;
}
