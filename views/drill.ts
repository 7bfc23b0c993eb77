/** The offer of a drill, what came of it, and its line on the card (RB-5). */

import { z } from 'zod';
import type { Deployment } from '../src/deployment/deployment.ts';
import { drilledIn, wentBackAsDrill } from '../src/deployment/drill/drill.ts';
import type { Duration } from '../src/time.ts';
import { actions, button, confirmation, type Rendered, section } from './blocks.ts';
import { databaseOnRollback, title } from './deployment-words.ts';
import { duration, inline } from './text.ts';

export const DRILL_ACTION = 'drill.begin';

/** The release, and where its way back is rehearsed. */
export interface Drill {
  service: string;
  environment: string;
  version: string;
}

const drillSchema = z.strictObject({
  service: z.string().min(1).max(100),
  environment: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
});

/** Undefined for anything that the offer did not write. */
export function readDrill(value: string): Drill | undefined {
  try {
    return drillSchema.safeParse(JSON.parse(value)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export interface DrillWay {
  /** What it goes back to; null where nothing ran before. */
  from: string | null;
  /** The deployment that brought it there, where it runs there already. */
  of?: Deployment;
  rollbackWithin: Duration;
}

export function renderDrillOffer(drill: Drill, { from, of, rollbackWithin }: DrillWay): Rendered {
  const what = `${drill.service} ${drill.version}`;
  const to = inline(from ?? 'nothing', 60);
  const place = inline(drill.environment, 40);
  const way =
    of === undefined
      ? `It is deployed there, and rolled back to ${to} as soon as it is complete`
      : `It runs there already, and is rolled back to ${to} at once`;
  const breaks = of === undefined ? '' : databaseOnRollback(of);
  const lines = [
    `*Drill of ${inline(what, 120)} in ${place}*`,
    `${way}; the time is measured against ${duration(rollbackWithin)}. Then ${to} runs there: deploy ${inline(drill.version, 60)} again when you need it.${breaks === '' ? '' : ` ⚠️ ${breaks}`}`,
  ];
  const begin = button({
    action: DRILL_ACTION,
    text: 'Start the drill',
    value: JSON.stringify(drill),
    label: `Start the drill of ${what}`,
    confirm: confirmation({
      title: `Drill ${what} in ${drill.environment}?`,
      text: `Traffic in ${drill.environment} goes to ${drill.version} and back to ${from ?? 'nothing'}.`,
      yes: 'Start the drill',
      no: 'Not now',
    }),
  });
  return {
    text: lines.join('\n').replaceAll('*', ''),
    blocks: [section(...lines), ...actions('drill.actions', [begin])],
  };
}

export function renderDrillBegun(d: Deployment): Rendered {
  const text = `The drill is ${d.id}: ${title(d)}. Its card shows where it is, and what came of it.`;
  return { text, blocks: [section(text)] };
}

/** What it is, and what came of it; empty for whatever is none. */
export function drillLine(d: Deployment): string[] {
  if (d.terms.drill !== true) return [];
  const within = d.terms.safeguards.rollbackWithin;
  const took = drilledIn(d);
  if (took !== undefined)
    return [
      took <= within
        ? `🎯 The drill passed: back after ${duration(took)}, target ${duration(within)}.`
        : `🎯 The drill did not pass: back after ${duration(took)}, over the target of ${duration(within)}.`,
    ];
  if (d.ending !== undefined)
    return [
      wentBackAsDrill(d)
        ? '🎯 The drill did not pass: its rollback failed.'
        : '🎯 The drill did not get as far as its rollback: it says nothing of the way back.',
    ];
  return [`🎯 A drill: it is rolled back as soon as it is complete, and timed against ${duration(within)}.`];
}
