/** Releases that go by themselves where the policy says so (CH-2); what was missed while nobody looked is found at the next look. */

import { defined } from '../defined.ts';
import {
  type Automatic,
  type AutomaticFacts,
  decideAutomatic,
} from '../deployment/automatic/decide-automatic.ts';
import { STATUSES } from '../deployment/lifecycle.ts';
import { instantOf, wallOf } from '../policy/calendar/zone.ts';
import type { AutomaticRule, Policy } from '../policy/policy.ts';
import { suggestedStrategy } from '../policy/rollout.ts';
import { type Clock, DAY, type Instant, MINUTE } from '../time.ts';
import type { Input, Outcome } from './handle.ts';
import { earliestOf } from './place-facts.ts';
import { planRequest } from './plan-request.ts';
import type { AutomaticNotices } from './ports/automatic-notices.ts';
import type { ReleaseStore } from './ports/release-store.ts';
import { notCompletedIn } from './promotion.ts';
import { createPump, type Pump } from './pump.ts';
import { checkRequest, type Given, type RequestContext } from './request-checks.ts';

export interface AutomaticContext extends Omit<RequestContext, 'conductor' | 'people' | 'stores' | 'clock'> {
  clock: Clock;
  stores: RequestContext['stores'] & {
    releases: Pick<ReleaseStore, 'newest'>;
    automaticNotices: AutomaticNotices;
  };
  people: RequestContext['people'] & {
    inRole(role: string, service: string): Promise<{ id: string; name: string }[]>;
    onCall(place: { service: string; environment: string }, at: Instant): Promise<string | undefined>;
  };
  conductor: RequestContext['conductor'] & { handle(input: Input): Promise<Outcome> };
  /** In the channel of the service; `since`: it may have been told from then on, which is looked for. */
  tell(notice: AutomaticNotice, since: Instant | undefined): Promise<void>;
}

export interface AutomaticNotice {
  service: string;
  environment: string;
  version: string;
  /** Why it stays out: another went wrong there, or what the answer to asking for it was. */
  why: { stoppedBy: string; version: string; status: string } | { refused: string };
}

interface Place {
  service: string;
  environment: string;
  rule: AutomaticRule;
}

interface Item extends Place {
  release: NonNullable<AutomaticFacts['release']>;
  decision: Exclude<Automatic, { kind: 'nothing' }>;
}

const LOOK_EVERY = MINUTE;
/** What was refused may be in order by now: it is asked for again, without a word. */
const ASK_AGAIN_AFTER = 10 * MINUTE;
const CLOCK = { kind: 'system', name: 'clock' } as const;
const RAN = STATUSES.filter(
  (status) => !['preparing', 'scheduled', 'rejected', 'expired', 'cancelled'].includes(status),
);

export function createAutomatic(context: AutomaticContext): Pump {
  /** When each place was refused last, and what. */
  const refused = new Map<string, { about: string; at: Instant }>();

  const rests = (item: Item, now: Instant): boolean => {
    const last = refused.get(nameOf(item));
    return last?.about === keyOf(item) && now < last.at + ASK_AGAIN_AFTER;
  };

  return createPump<Item>({
    name: 'automatic deployments',
    clock: context.clock,
    log: context.log,
    concurrency: 2,
    keyOf: nameOf,
    async due(now, except) {
      const places = placesOf(context.policy());
      const items: Item[] = [];
      for (const place of places) {
        if (except.has(nameOf(place))) continue;
        const item = await itemAt(context, place, now);
        if (item !== undefined && !rests(item, now)) items.push(item);
      }
      return { items, next: places.length === 0 ? undefined : now + LOOK_EVERY };
    },
    async run(item) {
      const why = await carryOut(context, item);
      if (why === undefined) return;
      await tellOnce(context, item, why);
      refused.set(nameOf(item), { about: keyOf(item), at: context.clock.now() });
    },
  });
}

/** Of each release at a place, whatever is started anew meanwhile. */
async function tellOnce(context: AutomaticContext, item: Item, why: AutomaticNotice['why']): Promise<void> {
  const notices = context.stores.automaticNotices;
  const last = await notices.last(item);
  const isSame = last?.about === keyOf(item);
  if (isSame && last.said) return;
  if (!isSame) await notices.begin(item, keyOf(item), context.clock.now());
  const version = item.release.artifact.version;
  await context.tell({ ...placeOf(item), version, why }, isSame ? last.begun : undefined);
  await notices.said(item);
}

const nameOf = ({ service, environment }: Place): string => `${service} ${environment}`;

const placeOf = ({ service, environment }: Place) => ({ service, environment });

/** One answer for each release at a place; a stop is another matter than a refusal. */
const keyOf = ({ release, decision }: Item): string => `${release.artifact.version} ${decision.kind}`;

function placesOf(policy: Policy): Place[] {
  return [...policy.services.values()].flatMap(({ name, mode, environments }) =>
    mode === 'watch'
      ? []
      : policy.environments.flatMap(({ id, automatic }) =>
          automatic === undefined || !environments.includes(id)
            ? []
            : [{ service: name, environment: id, rule: automatic }],
        ),
  );
}

async function itemAt(context: AutomaticContext, place: Place, now: Instant): Promise<Item | undefined> {
  const { stores } = context;
  const release = await stores.releases.newest(place.service);
  if (release === undefined) return undefined;
  const { service, environment, rule } = place;
  const policy = context.policy();
  const { version, digest } = release.artifact;
  const [[newest], [newestThatRan], missing] = await Promise.all([
    stores.events.list({ service, environment, limit: 1 }),
    stores.events.list({ service, environment, statuses: RAN, limit: 1 }),
    notCompletedIn(stores.events, policy, { service, environment, version, digest }),
  ]);
  const decision = decideAutomatic({
    rule,
    now,
    release,
    ...defined({
      night: nightOf(rule, policy.timeZone, now),
      newest,
      newestThatRan,
      notCompletedIn: missing,
    }),
  });
  return decision.kind === 'nothing' ? undefined : { ...place, release, decision };
}

/** The last time that the clock on the wall of the team has shown the hour of the night. */
function nightOf(rule: AutomaticRule, timeZone: string, now: Instant): Instant | undefined {
  if (rule.kind !== 'nightly') return undefined;
  const midnight = Math.floor(wallOf(now, timeZone) / DAY) * DAY;
  const tonight = instantOf(midnight + rule.at * MINUTE, timeZone);
  return tonight <= now ? tonight : instantOf(midnight - DAY + rule.at * MINUTE, timeZone);
}

/** Why it does not go; undefined where it does. */
async function carryOut(context: AutomaticContext, item: Item): Promise<AutomaticNotice['why'] | undefined> {
  const { decision, release } = item;
  if (decision.kind === 'stopped') {
    const { id, terms, status } = decision.by;
    return { stoppedBy: id, version: terms.envelope.version, status };
  }
  if (decision.kind === 'go_instead') {
    const reason = `${release.artifact.version} is newer`;
    await context.conductor.handle({
      deployment: decision.of.id,
      intent: { kind: 'cancel', reason },
      actor: CLOCK,
    });
  }
  const outcome = await ask(context, item);
  if ('problem' in outcome) return { refused: outcome.problem };
  return outcome.kind === 'refused' ? { refused: outcome.message } : undefined;
}

async function ask(context: AutomaticContext, item: Item): Promise<Outcome | { problem: string }> {
  const { service, environment, rule, release } = item;
  const policy = context.policy();
  const given = await givenFor(context, item);
  if (given === undefined) return { problem: 'The policy names no lead who answers for it, or no strategy.' };
  const checked = await checkRequest(context, given);
  if (!checked.ok) return { problem: Object.values(checked.problems).join(' ') };
  const asked = { ...checked.asked, automatic: rule.kind };
  const intent = await planRequest(policy, asked, (role) => context.people.inRole(role, service));
  // A build goes to a place by itself once: registered again, or looked at twice, it is the same request.
  const inboxKey = `automatic:${service}:${environment}:${release.artifact.version}:${release.artifact.digest}`;
  return context.conductor.handle({ intent, actor: CLOCK, inboxKey });
}

async function givenFor(
  context: AutomaticContext,
  { service, environment, release }: Item,
): Promise<Given | undefined> {
  const policy = context.policy();
  const lead = policy.services.get(service)?.lead;
  const strategy = suggestedStrategy(policy, { service, environment });
  if (lead === undefined || strategy === undefined) return undefined;
  const kind = { changeType: 'normal', deploymentType: 'feature', risk: 'medium', database: 'none' } as const;
  const onCall = await context.people.onCall({ service, environment }, context.clock.now());
  const isAhead = earliestOf(context, environment, kind) !== undefined;
  return {
    service,
    environment,
    version: release.artifact.version,
    strategy,
    when: isAhead ? 'window' : 'ready',
    ...kind,
    summary: `${release.artifact.version}, as CI registered it.`,
    lead,
    onCall: onCall ?? lead,
  };
}
