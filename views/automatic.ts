/** Why a release that would go by itself does not: in the channel of its service (CH-2). */

import { section } from './blocks.ts';
import { inline } from './text.ts';

export interface AutomaticView {
  service: string;
  environment: string;
  version: string;
  why: { stoppedBy: string; version: string; status: string } | { refused: string };
}

export function renderAutomaticNotice({ service, environment, version, why }: AutomaticView) {
  const what = `*${inline(service, 60)} ${inline(version, 60)}* does not go to ${inline(environment, 40)} by itself`;
  const text =
    'refused' in why
      ? `⚠️ ${what}: ${inline(why.refused, 400)} It is tried again every 10 minutes.`
      : `⛔ ${what}: ${inline(why.version, 60)} ${why.status === 'failed' ? 'failed' : 'was rolled back'} there (${why.stoppedBy}). Nothing goes there by itself until somebody has deployed there with /deploy and that is complete.`;
  return { text, blocks: [section(text)] };
}
