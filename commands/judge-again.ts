/** "Judge it again" in a deployment's menu: the verdicts it would have had under the settings of now. */

import { safeguardsOf } from '../src/conductor/plan-request.ts';
import { givingWay } from '../src/config/in-parts.ts';
import { replayInParts } from '../src/deployment/rollout/replay.ts';
import type { Click, Feature } from '../src/slack/feature.ts';
import { MORE } from '../views/deployment-actions.ts';
import { renderReplayModal } from '../views/replay-modal.ts';
import { type CommandContext, clicked, openModal, whoIs } from './context.ts';

export function judgeAgain(context: CommandContext): Feature {
  return { choices: { [MORE.judgeAgain]: (click) => open(context, click) } };
}

async function open(context: CommandContext, click: Click): Promise<void> {
  const somebody = await whoIs(context, click);
  const found = somebody && (await clicked(context, click));
  if (!found) return;
  const { deployment: d } = found;
  const { events } = context.stores;
  const policy = context.policy();
  // A service that the file lost is judged as it was.
  const known = policy.services.has(d.terms.envelope.service);
  const { judge } = known ? safeguardsOf(policy, d.terms.envelope) : d.terms.safeguards;
  const [happened, looks] = await Promise.all([events.events(d.id), events.looks(d.id)]);
  const replay = await givingWay(replayInParts(happened, looks, judge));
  await openModal(context, click, renderReplayModal(d, replay));
}
