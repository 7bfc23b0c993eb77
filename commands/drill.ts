/** `/deploy drill` (RB-5): what would be rehearsed, with the one button that does it. */

import type { Outcome } from '../src/conductor/handle.ts';
import { runningAt } from '../src/conductor/place-facts.ts';
import { planRequest } from '../src/conductor/plan-request.ts';
import { noDrillIn } from '../src/conductor/promotion.ts';
import { checkRequest } from '../src/conductor/request-checks.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { DRILL_WHY } from '../src/deployment/drill/drill.ts';
import type { Actor } from '../src/deployment/intents.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import { safeguardsFor, suggestedStrategy } from '../src/policy/rollout.ts';
import type { Click, CommandCall, Feature } from '../src/slack/feature.ts';
import { readWanted } from '../src/words/wanted.ts';
import { renderRefusal } from '../views/answers.ts';
import { renderUsage } from '../views/command-answers.ts';
import { DRILL_ACTION, type Drill, readDrill, renderDrillBegun, renderDrillOffer } from '../views/drill.ts';
import { actorOf, type CommandContext, whoIs } from './context.ts';
import { namesOf, unknownName } from './find.ts';
import { suggestedOnCall } from './on-call.ts';

const DRILL = {
  usage: 'drill SERVICE [VERSION] [ENVIRONMENT]',
  summary: 'rehearse the rollback of a release before production, and time it',
};

export function drilling(context: CommandContext): Feature {
  return {
    subCommands: { drill: { ...DRILL, run: (call) => offer(context, call) } },
    clicks: { [DRILL_ACTION]: (click) => begin(context, click) },
  };
}

async function offer(context: CommandContext, call: CommandCall): Promise<void> {
  const policy = context.policy();
  const wanted = readWanted(call.text, namesOf(policy), (name) => policy.services.get(name)?.versionPatterns);
  const service = policy.services.get(wanted.service ?? '');
  if (service === undefined)
    return call.answer(
      wanted.unknown?.what === 'service'
        ? unknownName('service', wanted.unknown.word, [...policy.services.keys()])
        : renderUsage(DRILL, 'Say of which service.'),
    );
  const environment = wanted.environment ?? service.environments.at(-2) ?? service.environments[0] ?? '';
  const running = await runningAt(context, { service: service.name, environment });
  const version = wanted.version ?? running?.version ?? undefined;
  if (version === undefined) return call.answer(renderUsage(DRILL, 'Say which version.'));
  const drill = { service: service.name, environment, version };
  const way = await wayOf(context, drill);
  if ('refused' in way) return call.answer(renderRefusal(way.refused));
  const { rollbackWithin } = safeguardsFor(policy, drill);
  await call.answer(renderDrillOffer(drill, { ...way, rollbackWithin }));
}

/** What runs there already goes back, and everything else is brought there first. */
type Way = { from: string | null; of?: Deployment };

async function wayOf(context: CommandContext, drill: Drill): Promise<Way | { refused: string }> {
  const never = noDrillIn(context.policy(), drill);
  if (never !== undefined) return { refused: never };
  const { service, environment, version } = drill;
  const running = await runningAt(context, drill);
  if (running === undefined)
    return { refused: `The backend does not say what runs in ${environment}. Try again in a moment.` };
  if (running.version !== version) return { from: running.version };
  const statuses = ['handed_over', 'observing'] as const;
  const [of] = await context.stores.events.list({ service, environment, version, statuses, limit: 1 });
  if (of?.status === 'observing')
    return {
      refused: `${service} ${version} is still watched in ${environment} (${of.id}). Hand it over, or wait for that, and drill it then.`,
    };
  return of !== undefined && mayBeTakenBack(of)
    ? { from: of.previous, of }
    : {
        refused: `Nothing is known that ran in ${environment} before ${version}: there is no way back to rehearse.`,
      };
}

async function begin(context: CommandContext, click: Click): Promise<void> {
  const somebody = await whoIs(context, click);
  if (somebody === undefined) return;
  const drill = readDrill(click.value);
  const way = drill && (await wayOf(context, drill));
  if (drill === undefined || way === undefined)
    return click.answer(
      renderRefusal(`That button is from another time. Type /deploy ${DRILL.usage} again.`),
    );
  if ('refused' in way) return click.answer(renderRefusal(way.refused));
  const outcome = await start(context, click, { drill, way, actor: actorOf(somebody) });
  if ('problem' in outcome) return click.answer(renderRefusal(outcome.problem));
  await click.answer(
    outcome.kind === 'refused' ? renderRefusal(outcome.message) : renderDrillBegun(outcome.deployment),
  );
}

interface Starting {
  drill: Drill;
  way: Way;
  actor: Extract<Actor, { kind: 'person' }>;
}

async function start(
  context: CommandContext,
  { message }: Click,
  { drill, way, actor }: Starting,
): Promise<Outcome | { problem: string }> {
  if (way.of !== undefined) {
    // What it breaks there was shown with the button.
    const intent = { kind: 'take_back', of: way.of.id, why: DRILL_WHY, drill: true } as const;
    return context.conductor.handle({ intent: { ...intent, breaksData: 'accepted' }, actor });
  }
  const policy = context.policy();
  const strategy = suggestedStrategy(policy, drill);
  if (strategy === undefined) return { problem: `No strategy may be used in ${drill.environment}.` };
  const checked = await checkRequest(context, {
    ...drill,
    strategy,
    when: 'ready',
    changeType: 'normal',
    deploymentType: 'feature',
    risk: 'low',
    database: 'none',
    summary: 'A drill: it is rolled back as soon as it is complete, and the time is measured.',
    lead: actor.person.id,
    onCall: (await suggestedOnCall(context, drill)) ?? actor.person.id,
  });
  if (!checked.ok) return { problem: Object.values(checked.problems).join(' ') };
  const asked = { ...checked.asked, drill: true } as const;
  const intent = await planRequest(policy, asked, (role) => context.people.inRole(role, drill.service));
  // A second click on the same offer is the same drill.
  const inboxKey = `drill:${message?.channel ?? ''}:${message?.ts ?? ''}:${actor.person.id}`;
  return context.conductor.handle({ intent, actor, inboxKey });
}
