/** What runs where, and what is on its way, in a table that only the person who asked sees. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Instant } from '../src/time.ts';
import { context, inWords, type Rendered, section } from './blocks.ts';
import { statusWords } from './status-words.ts';
import { type Cell, MAX_ANSWER_ROWS, table } from './table.ts';
import { code, dateTime, inline, plural } from './text.ts';

/** One environment of a service: what runs there, and what is on its way. */
export interface PlaceStatus {
  environment: string;
  /** Null for nothing; unset where the backend did not answer. */
  running?: string | null;
  since?: Instant;
  /** The deployment that occupies the place. */
  underWay?: Deployment;
}

export function renderStatus(service: string, places: readonly PlaceStatus[]): Rendered {
  const rows = places
    .slice(0, MAX_ANSWER_ROWS)
    .map((place): Cell[] => [
      place.environment,
      runningWords(place),
      place.since === undefined ? '—' : { at: place.since },
      place.underWay ? underWayWords(place.underWay) : 'nothing',
    ]);
  const lines = places.slice(0, MAX_ANSWER_ROWS).map((place) => {
    const since = place.since === undefined ? '' : ` since ${dateTime(place.since)}`;
    const underWay = place.underWay ? ` · on its way: ${inline(underWayWords(place.underWay), 120)}` : '';
    return `${inline(place.environment, 40)}: ${inline(runningWords(place), 60)}${since}${underWay}`;
  });
  const heading = `${inline(service, 60)} now`;
  return {
    text: inWords([heading, ...lines]),
    blocks: [section(`*${heading}*`), table(['Environment', 'Runs', 'Since', 'On its way'], rows)],
  };
}

/** What runs where, of every service. */
export function renderEverywhere(
  places: readonly (PlaceStatus & { service: string })[],
  unasked: number,
): Rendered {
  const shown = places.filter(({ running, underWay }) => running !== null || underWay !== undefined);
  const fitting = shown.slice(0, MAX_ANSWER_ROWS);
  const rows = fitting.map((place): Cell[] => [
    place.service,
    place.environment,
    runningWords(place),
    place.underWay ? underWayWords(place.underWay) : 'nothing',
  ]);
  const lines = fitting.map((place) => {
    const underWay = place.underWay ? ` · on its way: ${inline(underWayWords(place.underWay), 120)}` : '';
    return `${inline(place.service, 40)} in ${inline(place.environment, 40)}: ${inline(runningWords(place), 60)}${underWay}`;
  });
  const left = shown.length - fitting.length + unasked;
  const more =
    left > 0 ? [`and ${plural(left, 'more place')}: name a service or an environment to see them`] : [];
  if (fitting.length === 0) {
    const text = `Nothing runs anywhere yet, and nothing is on its way. ${code('/deploy')} schedules a deployment.`;
    return { text, blocks: [section(text)] };
  }
  return {
    text: inWords(['What runs where now', ...lines, ...more]),
    blocks: [
      section('*What runs where now*'),
      table(['Service', 'Environment', 'Runs', 'On its way'], rows),
      ...more.map((words) => context(words)),
    ],
  };
}

function runningWords({ running }: PlaceStatus): string {
  if (running === undefined) return 'unknown: no answer';
  return running ?? 'nothing';
}

const underWayWords = (d: Deployment): string => `${d.terms.envelope.version}, ${statusWords(d)} (${d.id})`;
