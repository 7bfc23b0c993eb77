/** As which of several roles somebody acts: asked in the modal itself, or by drawing it once more (CH-10). */

import type { ModalView } from '@slack/types';
import { within } from '../src/conductor/deadline.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor, Intent } from '../src/deployment/intents.ts';
import type { Click, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import type { Duration } from '../src/time.ts';
import type { NamedRole } from '../views/role-field.ts';
import { actorFor, actorOf, type CommandContext } from './context.ts';

export type RolesFor = (d: Deployment, actor: Extract<Actor, { kind: 'person' }>) => readonly NamedRole[];

/** A modal must open within 3 s. */
const ROLES_WITHIN: Duration = 1_000;

/** None where Slack does not say in time who clicked: what they send is asked again then. */
export async function rolesInTime(
  context: CommandContext,
  click: Click,
  d: Deployment,
  rolesFor: RolesFor,
): Promise<readonly NamedRole[]> {
  try {
    const resolved = await within(ROLES_WITHIN, 'Slack', () => context.people.resolve(click.userId));
    return resolved.ok ? rolesFor(d, actorFor(context, resolved, d)) : [];
  } catch (error) {
    context.log.warn(
      { err: error, user: click.userId },
      'the roles of a person were not known in time for a modal',
    );
    return [];
  }
}

/** As `submit` does; where it must be said as which role, the modal asks for that with what was filled in. */
export async function submitAsRole(
  context: CommandContext,
  submission: Submission,
  what: { deployment: string; block: string; intent: Intent },
  ask: { rolesFor: RolesFor; draw(d: Deployment, roles: readonly NamedRole[]): ModalView },
): Promise<SubmissionEnd> {
  const { deployment, block, intent } = what;
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return { kind: 'errors', errors: { [block]: resolved.message } };
  const actor = actorOf(resolved);
  const outcome = await context.conductor.handle({ deployment, intent, actor });
  if (outcome.kind !== 'refused') return { kind: 'close' };
  const now = outcome.deployment;
  const roles =
    outcome.code === 'which_role' && now ? ask.rolesFor(now, actorFor(context, resolved, now)) : [];
  return outcome.deployment !== undefined && roles.length > 1
    ? { kind: 'update', view: ask.draw(outcome.deployment, roles) }
    : { kind: 'errors', errors: { [block]: outcome.message } };
}
