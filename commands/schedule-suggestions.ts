/** What the policy, the rotation and the backend fill in of the form once a place is known (K-2). */

import { releasesOf } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
import { suggestedStrategy } from '../src/policy/rollout.ts';
import type { Click } from '../src/slack/feature.ts';
import { versionMeant } from '../src/words/version.ts';
import { SCHEDULE_FIELDS } from '../views/schedule-fields.ts';
import { SCHEDULE_BUTTONS } from '../views/schedule-lines.ts';
import { type ScheduleState, withService } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';
import { suggestedOnCall } from './on-call.ts';
import { strategiesOffered } from './schedule-context.ts';

/** As the backend writes it, where it says which there are. */
export async function versionIn(
  context: CommandContext,
  words: Pick<ScheduleState, 'service' | 'environment' | 'version'>,
): Promise<string | undefined> {
  if (words.version === undefined) return undefined;
  const releases = await releasesOf(context, words);
  return versionMeant(
    words.version,
    releases.map(({ version }) => version),
  );
}

/** What was typed of it before the service was known is one of those that its backend lists. */
async function withVersionMeant(context: CommandContext, state: ScheduleState): Promise<ScheduleState> {
  return { ...state, ...defined({ version: await versionIn(context, state) }) };
}

/** With what the policy says of a service, in the fields that hang on it. */
export async function ofService(
  context: CommandContext,
  state: ScheduleState,
  name: string | undefined,
  userId: string,
): Promise<ScheduleState> {
  const service = context.policy().services.get(name ?? '');
  if (service === undefined) return state;
  const filled = await withVersionMeant(context, withService(state, service, userId));
  const place = { service: service.name, ...defined({ environment: filled.environment }) };
  return { ...filled, ...defined({ onCall: await suggestedOnCall(context, place, filled.at) }) };
}

/** Whoever is on call may be another in each environment; whom the person chose where it is not stays. */
export async function withOnCallThere(context: CommandContext, state: ScheduleState): Promise<ScheduleState> {
  const { service, environment, metadata } = state;
  if (service === undefined || environment === undefined || metadata.revises !== undefined) return state;
  if (context.policy().services.get(service)?.onCallIn === undefined) return state;
  const onCall = await suggestedOnCall(context, { service, environment }, state.at);
  return { ...state, ...defined({ onCall }) };
}

/** The strategy that the policy suggests for the place and the risk; another where its backend cannot carry that out. */
export function withSuggestion(context: CommandContext, state: ScheduleState): ScheduleState {
  if (state.service === undefined) return state;
  const { strategy: _before, ...rest } = state;
  const suggested = suggestedStrategy(context.policy(), state, state.risk);
  const { strategies } = strategiesOffered(context, state);
  const strategy = strategies.find(({ id }) => id === suggested) ?? strategies[0];
  return { ...rest, ...defined({ strategy: strategy?.id }) };
}

/** What was chosen by hand stands until what it was chosen for is another place, or a risk with a strategy of its own. */
export function suggestsAnew(context: CommandContext, { actionId }: Click, state: ScheduleState): boolean {
  if (state.metadata.revises !== undefined) return false;
  if (NEW_PLACE.includes(actionId)) return true;
  const policy = context.policy();
  return (
    actionId === SCHEDULE_FIELDS.risk &&
    suggestedStrategy(policy, state, 'high') !== suggestedStrategy(policy, state)
  );
}

const NEW_PLACE = [SCHEDULE_FIELDS.service, SCHEDULE_FIELDS.environment, SCHEDULE_BUTTONS.goThereFirst];
