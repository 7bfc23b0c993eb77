/** A dry run as `/deploy dry-run` makes it, with nothing but Slack left out. */

import { dryRunOf } from '../commands/dry-run-content.ts';
import { createLog } from '../src/log.ts';
import { createPeople } from '../src/people/people.ts';
import { onCallAt } from '../src/policy/on-call.ts';
import { roleAt } from '../src/policy/team-roles.ts';
import { createRig, PEOPLE, type Rig } from '../test/conductor/rig.ts';
import { renderDryRun } from '../views/dry-run.ts';
import { BLANK_SCHEDULE, completeSchedule } from '../views/schedule-state.ts';
import { largePolicy } from './large-policy.ts';

export interface DryRunning {
  /** Ends in what the modal would show. */
  run(): Promise<string>;
  close(): Promise<void>;
}

/** Everything is frozen as long as the policy lets anybody freeze it. */
export async function underTheLongestFreeze(): Promise<DryRunning> {
  const rig = await createRig({ policy: largePolicy });
  const from = rig.clock.now();
  const until = from + rig.policy.calendar.planAhead;
  const operations = { kind: 'person', person: PEOPLE.omar, roles: ['operations'] } as const;
  const asked = { scope: {}, reason: 'the books are closed', from, until };
  const frozen = await rig.conductor.calendar.freeze(operations, asked);
  if (frozen.kind === 'refused') throw new Error(frozen.message);
  return { run: () => dryRun(rig), close: () => rig.close() };
}

async function dryRun(rig: Rig): Promise<string> {
  const given = completeSchedule({
    ...BLANK_SCHEDULE,
    service: 'checkout',
    version: 'v2.1.0',
    environment: 'production',
    strategy: 'canary',
    summary: 'Adds a way to pay.',
    lead: PEOPLE.dana.id,
    onCall: PEOPLE.omar.id,
  });
  if (!given.ok) throw new Error(JSON.stringify(given.problems));
  const run = await dryRunOf(contextOf(rig), PEOPLE.dana.id, given.value);
  if (run.following === undefined) throw new Error(run.refusals.join(' '));
  return JSON.stringify(renderDryRun(run));
}

function contextOf(rig: Rig): Parameters<typeof dryRunOf>[0] {
  const { conductor, stores, clock } = rig;
  const log = createLog({ level: 'silent' });
  const policy = () => rig.policy;
  const people = createPeople({
    lookUp: async (id) => ({ id, name: id }),
    groupMembers: async () => [],
    policy,
    roleAt: (service, id) => roleAt(policy(), service, id),
    onCallAt: (place, at) => onCallAt(policy(), place, at),
    cache: stores.people,
    clock,
    log,
    teamId: () => undefined,
  });
  return { conductor, stores, people, policy, clock, realTime: { now: Date.now }, log };
}
