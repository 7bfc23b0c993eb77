/** Looking things up: `/deploy status`, `list`, `history` and `help`. */

import { runningAt } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { LIVE, OCCUPYING, TERMINAL } from '../src/deployment/lifecycle.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import {
  type PlaceStatus,
  renderHelp,
  renderHistory,
  renderList,
  renderStatus,
  type Usage,
} from '../views/answers.ts';
import type { CommandContext } from './context.ts';
import { unknownName } from './find.ts';

/** More than this is not read at once; the answer says that there are more. */
const MAX_LISTED = 100;

/** `all` are the sub-commands that help speaks of. */
export function lookUp(context: CommandContext, all: () => readonly Usage[]): Feature {
  return {
    subCommands: {
      status: {
        usage: 'status [SERVICE]',
        summary: 'what runs where, and what is on its way',
        run: (call) => status(context, call),
      },
      list: {
        usage: 'list',
        summary: 'every deployment that is not over',
        run: (call) => list(context, call),
      },
      history: {
        usage: 'history SERVICE',
        summary: 'what was deployed before, and how it ended',
        run: (call) => history(context, call),
      },
      help: { usage: 'help', summary: 'these lines', run: (call) => call.answer(renderHelp(all())) },
    },
  };
}

async function status(context: CommandContext, call: CommandCall): Promise<void> {
  const name = call.text.toLowerCase();
  if (name === '') return list(context, call);
  const service = context.policy().services.get(name);
  if (service === undefined)
    return call.answer(unknownName('service', call.text, [...context.policy().services.keys()]));
  const places = await Promise.all(
    service.environments.map((environment) => placeStatus(context, name, environment)),
  );
  await call.answer(renderStatus(name, places));
}

async function placeStatus(
  context: CommandContext,
  service: string,
  environment: string,
): Promise<PlaceStatus> {
  const [running, underWay, completed] = await Promise.all([
    runningAt(context, { service, environment }),
    context.stores.events.list({ service, environment, statuses: [...OCCUPYING, 'rolling_back'], limit: 1 }),
    context.stores.events.list({ service, environment, statuses: ['observing', 'handed_over'], limit: 1 }),
  ]);
  const since = sinceWhen(completed[0], running?.version);
  return {
    environment,
    ...defined({ running: running?.version, since, underWay: underWay[0] }),
  };
}

/** Only where the newest complete deployment is what really runs. */
function sinceWhen(newest: Deployment | undefined, running: string | null | undefined): number | undefined {
  return newest?.terms.envelope.version === running ? newest?.rollout?.completedAt : undefined;
}

async function list(context: CommandContext, call: CommandCall): Promise<void> {
  await call.answer(
    renderList('Not over yet', await context.stores.events.list({ statuses: LIVE, limit: MAX_LISTED })),
  );
}

async function history(context: CommandContext, call: CommandCall): Promise<void> {
  const name = call.text.toLowerCase();
  const services = [...context.policy().services.keys()];
  if (name === '') {
    return call.answer(
      renderList(
        'Over, newest first',
        await context.stores.events.list({ statuses: TERMINAL, limit: MAX_LISTED }),
      ),
    );
  }
  if (!services.includes(name)) return call.answer(unknownName('service', call.text, services));
  const statuses = [...TERMINAL, 'observing' as const];
  await call.answer(
    renderHistory(name, await context.stores.events.list({ service: name, statuses, limit: MAX_LISTED })),
  );
}
