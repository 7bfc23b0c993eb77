/** How a team delivers, in words and cells for Slack and for the terminal; nothing here is escaped. */

import type { Delivery } from '../src/deployment/delivery/delivery.ts';
import type { DeliveryFigures, Spread } from '../src/deployment/delivery/sum-up.ts';
import { duration, figure, oneLine, percent, plural, truncate } from './text.ts';

export const DELIVERY_HEADINGS = ['Deployed', 'A week', 'Went back', 'Lead time', 'Back within'] as const;

/** One cell for each heading. */
export function deliveryCells(of: DeliveryFigures): string[] {
  const share = of.failurePercent === undefined ? '' : ` (${percent(of.failurePercent)})`;
  return [
    String(of.deployments),
    figure(of.perWeek),
    `${of.failed}${share}`,
    median(of.lead),
    median(of.restore),
  ];
}

const median = (spread: Spread | undefined): string => (spread === undefined ? '—' : duration(spread.median));

const both = ({ median: half, nineOfTen }: Spread): string =>
  half === nineOfTen ? duration(half) : `${duration(half)} (nine of ten within ${duration(nineOfTen)})`;

/** What the cells leave out, a sentence each. */
export function deliveryLines(of: DeliveryFigures): string[] {
  const { lead, leadFromBuild, rollout, restore, signOffs, waitedForStart } = of;
  return [
    ...(lead === undefined ? [] : [`Lead time, from the request to all traffic: ${both(lead)}.`]),
    ...(leadFromBuild === undefined
      ? []
      : [
          `From the build that CI registered: ${both(leadFromBuild)}, of ${plural(leadFromBuild.of, 'deployment')}.`,
        ]),
    ...(rollout === undefined ? [] : [`A rollout took ${both(rollout)}.`]),
    ...(restore === undefined
      ? []
      : [`From the word to go back to all traffic on the old version: ${both(restore)}.`]),
    ...backLines(of),
    ...(signOffs.length === 0
      ? []
      : [`Waited for a go: ${signOffs.map(({ role, waited }) => `${role} ${both(waited)}`).join(' · ')}.`]),
    ...(waitedForStart === undefined
      ? []
      : [
          `From the last go to the start (gates, checklist, window, the hour asked for): ${both(waitedForStart)}.`,
        ]),
    ...(of.underWay === 0 ? [] : [`${plural(of.underWay, 'deployment')} under way, not counted yet.`]),
  ];
}

function backLines({ backBy: { itself, person }, failed, notRestored }: DeliveryFigures): string[] {
  if (failed === 0) return [];
  const elsewhere = failed - itself - person;
  const who = [
    ...(itself === 0 ? [] : [`${itself} by itself`]),
    ...(person === 0 ? [] : [`${person} by a person`]),
    ...(elsewhere === 0 ? [] : [`${elsewhere} where others conducted it`]),
  ];
  return [
    `Went back: ${who.join(', ')}.`,
    ...(notRestored === 0
      ? []
      : [`Of these, ${notRestored} did not have the old version back by its rollback yet.`]),
  ];
}

/** Newest first: `D-1042 checkout v2.1.1 in production, by itself: errors 2.3 %`. */
export function whyTheyWentBack(deliveries: readonly Delivery[], most: number): string[] {
  const back = deliveries
    .filter(({ kind }) => kind === 'went_back' || kind === 'took_back')
    .toSorted((a, b) => b.at - a.at);
  const shown = back.slice(0, most).map(({ id, service, version, environment, wentBack }) => {
    const who = wentBack?.by === undefined ? '' : wentBack.by === 'person' ? ', by a person' : ', by itself';
    const why = truncate(oneLine(wentBack?.why ?? ''), 140);
    return `${id} ${service} ${version} in ${environment}${who}${why === '' ? '' : `: ${why}`}`;
  });
  return back.length > most ? [...shown, `and ${back.length - most} more`] : shown;
}
