/** Everything people do in Slack, feature by feature: what is not listed here does not happen. */

import type { CommandCall, Feature, Mention } from '../src/slack/feature.ts';
import type { Homes } from '../src/slack/homes.ts';
import { alerts } from './alert.ts';
import { asking, otherwiseMentioned } from './alert-asking.ts';
import { askLead } from './ask.ts';
import { calendar } from './calendar.ts';
import { changeRequest } from './change-request.ts';
import { checklist } from './checklist.ts';
import type { CommandContext } from './context.ts';
import { contracts } from './contract.ts';
import { delivery } from './delivery.ts';
import { details } from './details.ts';
import { drilling } from './drill.ts';
import { dryRunning } from './dry-run.ts';
import { freezing } from './freeze.ts';
import { home } from './home.ts';
import { judgeAgain } from './judge-again.ts';
import { locking } from './lock.ts';
import { lookUp } from './look-up.ts';
import { meantCommands } from './meant.ts';
import { menu } from './menu.ts';
import { owed } from './owed.ts';
import { paging } from './paging.ts';
import { problem } from './problem.ts';
import { review } from './review.ts';
import { rollback } from './rollback.ts';
import { rollout } from './rollout.ts';
import { routeCommand, subCommandsOf } from './route.ts';
import { schedule, scheduling } from './schedule.ts';
import { signOff } from './sign-off.ts';

export interface Everything {
  features: readonly Feature[];
  /** `/deploy`, with whatever follows it. */
  commanded(call: CommandCall): Promise<void>;
  otherwiseMentioned(mention: Mention): Promise<void>;
}

export function everything(context: CommandContext, homes: Homes): Everything {
  const features: readonly Feature[] = [
    lookUp(context, () => [...subCommands.values()]),
    delivery(context),
    scheduling(context),
    dryRunning(context),
    signOff(context),
    askLead(context),
    changeRequest(context),
    owed(context),
    checklist(context),
    rollout(context),
    rollback(context),
    paging(context),
    problem(context),
    drilling(context),
    review(context),
    judgeAgain(context),
    details(context),
    calendar(context),
    freezing(context),
    locking(context),
    contracts(context),
    home(homes),
    alerts(context),
    asking(context),
    meantCommands((call) => commanded(call)),
  ];
  const subCommands = subCommandsOf(features);
  const commanded = (call: CommandCall): Promise<void> =>
    routeCommand(call, subCommands, (other) => schedule(context, other, subCommands));
  return {
    features: [...features, menu(features)],
    commanded,
    otherwiseMentioned,
  };
}
