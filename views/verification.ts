/** The end of a deployment in figures: what they were before and are since, and what fired (MV-1, MV-3). */

import type { TableBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import {
  type BeforeAndAfter,
  beforeAndAfter,
  SAME_WITHIN,
} from '../src/deployment/rollout/before-and-after.ts';
import { measured, metricName } from './metric-words.ts';
import { MAX_METRICS } from './stage-facts.ts';
import { table } from './table.ts';
import { figure, inline } from './text.ts';

/** What came of it stands second: a phone shows no more than the first columns. */
const HEADINGS = ['Metric', 'Status', 'Now', 'Before', 'Change'];

/** Empty where nothing was measured since it is complete. */
export function verificationTable(d: Deployment): TableBlock[] {
  const [headings, ...rows] = verificationRows(d);
  return headings === undefined ? [] : [table(headings, rows)];
}

/** The same as text, its headings first. */
export function verificationRows(d: Deployment): string[][] {
  const rows = beforeAndAfter(d).slice(0, MAX_METRICS);
  return rows.length === 0 ? [] : [HEADINGS, ...rows.map(cells)];
}

/** What differs, as one line; escaped. */
export function verificationLine(d: Deployment): string {
  const rows = beforeAndAfter(d);
  if (rows.length === 0) return '';
  const apart = rows.filter(({ status, over }) => status === 'worse' || over !== undefined);
  const unknown = rows.filter(({ status }) => status === 'unknown').length;
  if (apart.length > 0)
    return apart
      .map(
        (row) =>
          `${inline(metricName(row.metric), 40)} ${now(row)} (before ${was(row)}, ${statusWords(row)})`,
      )
      .join(', ');
  if (unknown === rows.length) return 'No figure from before the start is known to compare with';
  return `No figure is over ${100 * SAME_WITHIN} % worse than before`;
}

const cells = (row: BeforeAndAfter): string[] => [
  metricName(row.metric),
  `${SIGNS[row.over === undefined ? row.status : 'worse']} ${statusWords(row)}`,
  now(row),
  was(row),
  change(row),
];

const now = ({ after, unit }: BeforeAndAfter): string => measured(after, unit);
const was = ({ before, unit }: BeforeAndAfter): string => measured(before, unit);

function change({ times }: BeforeAndAfter): string {
  if (times === undefined) return '—';
  const percents = Math.round((times - 1) * 100);
  return percents === 0 ? '0 %' : `${percents < 0 ? '−' : '+'}${figure(Math.abs(percents))} %`;
}

const SIGNS: Record<BeforeAndAfter['status'], string> = {
  same: '✅',
  better: '✅',
  worse: '🟡',
  unknown: '❔',
};

const WORDS: Record<BeforeAndAfter['status'], string> = {
  same: 'as before',
  better: 'better',
  worse: `over ${100 * SAME_WITHIN} % worse`,
  unknown: 'not known',
};

function statusWords({ status, over, unit }: BeforeAndAfter): string {
  const limit = over === undefined ? [] : [`over the baseline of ${measured(over, unit)}`];
  return [...(over === undefined || status === 'worse' ? [WORDS[status]] : []), ...limit].join(', ');
}
