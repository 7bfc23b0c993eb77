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
import { unknownName } from './find.ts';
import type { Room } from './room.ts';

/** More than this is not read at once; the answer says that there are more. */
const MOST = 100;

/** `all` are the sub-commands that help speaks of. */
export function lookUp(room: Room, all: () => readonly Usage[]): Feature {
  return {
    subCommands: {
      status: {
        usage: 'status [SERVICE]',
        summary: 'what runs where, and what is on its way',
        run: (call) => status(room, call),
      },
      list: { usage: 'list', summary: 'every deployment that is not over', run: (call) => list(room, call) },
      history: {
        usage: 'history SERVICE',
        summary: 'what was deployed before, and how it ended',
        run: (call) => history(room, call),
      },
      help: { usage: 'help', summary: 'these lines', run: (call) => call.answer(renderHelp(all())) },
    },
  };
}

async function status(room: Room, call: CommandCall): Promise<void> {
  const name = call.text.toLowerCase();
  if (name === '') return list(room, call);
  const service = room.policy().services.get(name);
  if (service === undefined)
    return call.answer(unknownName('service', call.text, [...room.policy().services.keys()]));
  const places = await Promise.all(
    service.environments.map((environment) => placeStatus(room, name, environment)),
  );
  await call.answer(renderStatus(name, places));
}

async function placeStatus(room: Room, service: string, environment: string): Promise<PlaceStatus> {
  const [running, underWay, completed] = await Promise.all([
    runningAt(room, { service, environment }),
    room.stores.events.list({ service, environment, statuses: [...OCCUPYING, 'rolling_back'], limit: 1 }),
    room.stores.events.list({ service, environment, statuses: ['observing', 'handed_over'], limit: 1 }),
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

async function list(room: Room, call: CommandCall): Promise<void> {
  await call.answer(
    renderList('Not over yet', await room.stores.events.list({ statuses: LIVE, limit: MOST })),
  );
}

async function history(room: Room, call: CommandCall): Promise<void> {
  const name = call.text.toLowerCase();
  const services = [...room.policy().services.keys()];
  if (name === '') {
    return call.answer(
      renderList('Over, newest first', await room.stores.events.list({ statuses: TERMINAL, limit: MOST })),
    );
  }
  if (!services.includes(name)) return call.answer(unknownName('service', call.text, services));
  const statuses = [...TERMINAL, 'observing' as const];
  await call.answer(
    renderHistory(name, await room.stores.events.list({ service: name, statuses, limit: MOST })),
  );
}
