/** Looking things up: `/deploy status`, `list`, `history` and `help`. */

import { runningAt } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { LIVE, OCCUPYING, TERMINAL } from '../src/deployment/lifecycle.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import { readSubject } from '../src/words/subject.ts';
import { renderHelp, renderUnknownName, type Usage } from '../views/command-answers.ts';
import { renderHistory, renderList } from '../views/list-answers.ts';
import { type PlaceStatus, renderEverywhere, renderStatus } from '../views/status-answers.ts';
import type { CommandContext } from './context.ts';
import { namesOf, tooMuch, unknownName } from './find.ts';

/** More than this is not read at once; the answer says that there are more. */
const MAX_LISTED = 100;

const STATUS = 'status [SERVICE [ENVIRONMENT]|D-1042]';
const LIST = 'list [SERVICE] [ENVIRONMENT]';

/** `all` are the sub-commands that help speaks of. */
export function lookUp(context: CommandContext, all: () => readonly Usage[]): Feature {
  return {
    subCommands: {
      status: {
        usage: STATUS,
        summary: 'what runs where, and what is on its way',
        run: (call) => status(context, call),
      },
      list: {
        usage: LIST,
        summary: 'every deployment that is not over',
        run: (call) => list(context, call),
      },
      history: {
        usage: 'history SERVICE [ENVIRONMENT]',
        summary: 'what was deployed before, and how it ended',
        run: (call) => history(context, call),
      },
      help: { usage: 'help', summary: 'these lines', run: (call) => call.answer(renderHelp(all())) },
    },
  };
}

async function status(context: CommandContext, call: CommandCall): Promise<void> {
  const { services } = context.policy();
  const { id, service, environment, reason, unknown, also } = readSubject(
    call.text,
    namesOf(context.policy()),
  );
  if (also !== undefined || (id !== undefined && reason !== ''))
    return call.answer(tooMuch(also ?? reason, STATUS, also && 'One at a time'));
  if (unknown !== undefined || (reason !== '' && id === undefined)) {
    const known = service === undefined ? [...services.keys()] : (services.get(service)?.environments ?? []);
    const what = service === undefined ? 'service' : 'environment';
    return call.answer(unknownName(what, unknown?.word ?? reason, known, call.typed));
  }
  if (id !== undefined) return statusOf(context, call, id);
  const wanted = service === undefined ? [...services.keys()] : [service];
  const places = wanted
    .flatMap((one) =>
      (services.get(one)?.environments ?? []).map((at) => ({ service: one, environment: at })),
    )
    .filter((place) => environment === undefined || place.environment === environment);
  if (places.length === 0)
    return call.answer(
      unknownName(
        'environment',
        environment ?? '',
        services.get(service ?? '')?.environments ?? [],
        call.typed,
      ),
    );
  const shown = places.slice(0, MAX_PLACES);
  const statuses = await Promise.all(
    shown.map((place) => placeStatus(context, place.service, place.environment)),
  );
  if (service !== undefined) return call.answer(renderStatus(service, statuses));
  const all = statuses.map((one, index) => ({ ...one, service: shown[index]?.service ?? '' }));
  await call.answer(renderEverywhere(all, places.length - shown.length));
}

/** More than these are not asked after at once: backends answer one by one. */
const MAX_PLACES = 60;

async function statusOf(context: CommandContext, call: CommandCall, id: string): Promise<void> {
  const deployment = await context.stores.events.load(id);
  await call.answer(
    deployment === undefined
      ? renderUnknownName('deployment', id, { known: [] })
      : renderList(`${id} now`, [deployment]),
  );
}

async function placeStatus(
  context: CommandContext,
  service: string,
  environment: string,
): Promise<PlaceStatus> {
  const [running, underWay, completed] = await Promise.all([
    runningAt(context, { service, environment }),
    context.stores.events.list({ service, environment, statuses: [...OCCUPYING, 'rolling_back'], limit: 1 }),
    context.stores.events.list({
      service,
      environment,
      statuses: ['observing', 'handed_over', 'watched_only', 'watch_over'],
      limit: 1,
    }),
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
  const subject = readSubject(call.text, namesOf(context.policy()));
  const { service, environment, unknown } = subject;
  const unused = unknown?.word ?? subject.id ?? subject.reason;
  if (unused !== '') return call.answer(tooMuch(unused, LIST));
  const only = { statuses: LIVE, limit: MAX_LISTED, ...defined({ service, environment }) };
  await call.answer(renderList('Not over yet', await context.stores.events.list(only)));
}

async function history(context: CommandContext, call: CommandCall): Promise<void> {
  const services = [...context.policy().services.keys()];
  const subject = readSubject(call.text, namesOf(context.policy()));
  const { service: name, environment, reason, unknown } = subject;
  if (unknown !== undefined) return call.answer(unknownName('service', unknown.word, services, call.typed));
  const unused = subject.id ?? reason;
  if (unused !== '') return call.answer(tooMuch(unused, 'history SERVICE [ENVIRONMENT]'));
  if (name === undefined) {
    return call.answer(
      renderList(
        'Over, newest first',
        await context.stores.events.list({
          statuses: TERMINAL,
          limit: MAX_LISTED,
          ...defined({ environment }),
        }),
      ),
    );
  }
  const statuses = [...TERMINAL, 'observing' as const, 'watched_only' as const];
  await call.answer(
    renderHistory(
      name,
      await context.stores.events.list({
        service: name,
        statuses,
        limit: MAX_LISTED,
        ...defined({ environment }),
      }),
    ),
  );
}
