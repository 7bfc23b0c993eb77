/** `gonogo metrics`: how often, how fast and how safely is delivered, from the record (MT-1, MT-2). It opens to read only. */

import type { RecordReader } from '../../db/open.ts';
import {
  DELIVERY_HEADINGS,
  deliveryCells,
  deliveryLines,
  whyTheyWentBack,
} from '../../views/delivery-words.ts';
import { utc } from '../../views/text.ts';
import { deliveredIn } from '../conductor/deliveries.ts';
import { DURATION_PATTERN, parseDuration } from '../config/durations.ts';
import { defined } from '../defined.ts';
import { type DeliveryFigures, sumUp, sumUpBy } from '../deployment/delivery/sum-up.ts';
import type { Duration, Instant } from '../time.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { readInstant } from './instant.ts';
import { DATABASE, withRecord } from './with-record.ts';

export const metrics: CliCommand = cliCommand({
  forms: [
    'metrics [--last 30d] [--until DAY] [--service NAME] [--environment NAME] [--by WHAT] [--db FILE] [--json]',
  ],
  summary: 'deployment frequency, lead time, what went back, and time to restore',
  more: 'Drills and what never started are not counted. Times are medians; with --json, milliseconds.',
  options: {
    last: { type: 'string', default: '30d', takes: 'SPAN', says: 'what started within 30d, 12h' },
    until: {
      type: 'string',
      takes: 'DAY',
      says: 'where that ends: a day or an instant in ISO 8601, in UTC; now unless told',
    },
    service: { type: 'string', takes: 'NAME', says: 'this one only' },
    environment: { type: 'string', takes: 'NAME', says: 'this one only' },
    by: {
      type: 'string',
      default: 'environment',
      takes: 'WHAT',
      says: 'a row for each environment or service',
    },
    db: DATABASE,
    json: { type: 'boolean', default: false, says: 'say the same to a script' },
  },
  async run({ values: { last, by, db, json, service, environment, ...values }, positionals }) {
    if (positionals.length > 0) return misused(metrics);
    if (!DURATION_PATTERN.test(last) || parseDuration(last) <= 0) {
      complain(`--last takes a duration, 30d or 12h, not "${last}".`);
      return EXIT.usage;
    }
    if (by !== 'environment' && by !== 'service') {
      complain(`--by takes environment or service, not "${by}".`);
      return EXIT.usage;
    }
    const until = readInstant('--until', values.until) ?? Date.now();
    if (until === 'wrong') return EXIT.usage;
    const asked = {
      until,
      period: parseDuration(last),
      by,
      json,
      ...defined({ service, environment }),
    } as const;
    return withRecord(db, (record) => tell(record, asked));
  },
});

interface Asked {
  until: Instant;
  period: Duration;
  by: 'environment' | 'service';
  json: boolean;
  service?: string;
  environment?: string;
}

async function tell(
  { events, alerts }: RecordReader,
  { until, period, by, json, ...place }: Asked,
): Promise<number> {
  const { deliveries } = await deliveredIn(events, { from: until - period, until, ...place }, Infinity);
  const rows = sumUpBy(by, deliveries, period);
  const all = sumUp('', deliveries, period);
  const suspected = (await alerts.suspected(until - period, until)).filter(
    (one) => place.service === undefined || one.service.split(' ').includes(place.service),
  );
  const blamed = {
    answered: suspected.length,
    notADeployment: suspected.filter(({ notADeployment }) => notADeployment !== undefined).length,
  };
  if (json) {
    say(
      JSON.stringify(
        { from: new Date(until - period), until: new Date(until), all, rows, alerts: blamed },
        undefined,
        2,
      ),
    );
    return EXIT.ok;
  }
  say(`${utc(until - period)} to ${utc(until)}`);
  for (const line of inColumns([
    [by === 'service' ? 'Service' : 'Environment', ...DELIVERY_HEADINGS],
    ...rows.map(rowOf),
  ]))
    say(line);
  for (const line of [...deliveryLines(all), ...whyTheyWentBack(deliveries, 10), ...blameLines(blamed)])
    say(line);
  return EXIT.ok;
}

function blameLines({ answered, notADeployment }: { answered: number; notADeployment: number }): string[] {
  if (answered === 0) return [];
  const share = Math.round((100 * notADeployment) / answered);
  return [
    `Alerts answered with a suspect: ${answered}; no deployment, as people said, in ${notADeployment} (${share} %).`,
  ];
}

const rowOf = (row: DeliveryFigures): string[] => [row.name, ...deliveryCells(row)];

function inColumns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
