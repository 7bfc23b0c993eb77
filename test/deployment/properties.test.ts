/** What must hold in every story, however odd: found by random ones. */

import { describe, expect, it } from 'vitest';
import { isOwn } from '../../src/deployment/approval/own.ts';
import {
  boundTo,
  goesFor,
  owedSignOffs,
  owes,
  owesChangeRequest,
} from '../../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { CAN_ROLL_BACK, REMARKS, type Status, TERMINAL } from '../../src/deployment/lifecycle.ts';
import { isStepUnderWay, stagesBegun } from '../../src/deployment/rollout/progress.ts';
import { meaningOf } from '../../src/deployment/rollout/steps.ts';
import { inEveryStory, tellStory, toldOnce } from './stories.ts';

const isRemark = ({ type }: DeploymentEvent) => (REMARKS as readonly string[]).includes(type);
const replay = (events: readonly DeploymentEvent[]) =>
  events.reduce<Deployment | undefined>((d, event) => evolve(d, event), undefined);

/** It never started, or it ended before. */
const BEFORE_ITS_START: ReadonlySet<Status> = new Set([
  'preparing',
  'scheduled',
  'rejected',
  'expired',
  'cancelled',
]);

const SELDOM: readonly EventType[] = [
  'start_delayed',
  'start_cleared',
  'calendar_overridden',
  'expired',
  'sign_offs_expired',
  'evidence_expired',
  'extended',
  'rollback_repeated',
  'artifact_refused',
];

describe('In every story', () => {
  const holds = toldOnce();

  it('each status is met, and what is seldom too, so that what follows says something', () => {
    const statuses = new Map<Status, number>();
    const events = new Map<EventType, number>();
    inEveryStory((story) => {
      const world = tellStory(story, ({ d }) => statuses.set(d.status, (statuses.get(d.status) ?? 0) + 1));
      for (const { type } of world.events) events.set(type, (events.get(type) ?? 0) + 1);
    });
    for (const status of [...CAN_ROLL_BACK, ...TERMINAL, 'preparing', 'scheduled', 'rolling_back'] as const)
      expect(statuses.get(status) ?? 0, status).toBeGreaterThan(20);
    for (const type of SELDOM) expect(events.get(type) ?? 0, type).toBeGreaterThan(5);
  });

  holds('nothing but remarks follows an end, and what ended stays as it ended', (world) => {
    const { done } = world;
    const end = done.findIndex(({ after }) => TERMINAL.has(after.status));
    if (end < 0) return;
    for (const { event, after } of done.slice(end + 1)) {
      expect(isRemark(event), event.type).toBe(true);
      expect(after).toMatchObject({
        status: done[end]?.after.status,
        ending: { at: done[end]?.after.ending?.at },
      });
    }
  });

  holds('the events alone give the same state, also when they come back from storage', (world) => {
    const { d, events } = world;
    expect(replay(events)).toEqual(d);
    const stored = JSON.parse(JSON.stringify(events)) as DeploymentEvent[];
    expect(replay(stored)).toStrictEqual(d);
    expect(JSON.parse(JSON.stringify(d))).toStrictEqual(d);
  });

  it('nothing that goes in is changed', () => {
    inEveryStory((story) => {
      tellStory({ ...story, asked: deepFreeze(structuredClone(story.asked)) }, (world) => {
        world.state = deepFreeze(world.d);
      });
    });
  });

  holds('CH-7: a sign-off counts for exactly what is true now', (world) => {
    for (const { event, after } of world.done) {
      for (const signOff of after.approval.signOffs) {
        if (signOff.fallen !== undefined) continue;
        expect(boundTo(signOff), event.type).toBe(after.envelopeHash);
      }
    }
  });

  holds(
    'CH-5: nothing starts without the change request that it waits for, and an emergency owes it',
    (world) => {
      for (const { event, after } of world.done) {
        const lacks =
          after.terms.requirements.changeRequest === true && after.evidence.changeRequest === undefined;
        const afterwards = after.terms.approval.when === 'afterwards';
        if (event.type === 'started') expect(lacks && !afterwards).toBe(false);
        expect(owesChangeRequest(after)).toBe(lacks && afterwards && after.rollout?.startedAt !== undefined);
      }
    },
  );

  holds('CH-6: who leads or asked never counts, and nobody counts twice for a role', (world) => {
    for (const { after } of world.done) {
      for (const { role, quorum } of after.terms.required) {
        const people = goesFor(after, role).map((signOff) => signOff.person.id);
        expect(people.filter((id) => isOwn(after, id))).toEqual([]);
        expect(new Set(people).size).toBe(people.length);
        expect(people.length).toBeLessThanOrEqual(quorum);
      }
    }
  });

  holds('CH-10: nobody fills two roles', (world) => {
    for (const { after } of world.done) {
      const goes = after.terms.required.flatMap(({ role }) => goesFor(after, role));
      const roles = new Map<string, Set<string>>();
      for (const { person: who, role } of goes) roles.set(who.id, (roles.get(who.id) ?? new Set()).add(role));
      for (const held of roles.values()) expect(held.size).toBe(1);
    }
  });

  holds('CH-6: nothing starts without every sign-off, but what is approved afterwards', (world) => {
    for (const { event, after } of world.done) {
      if (event.type !== 'scheduled' && event.type !== 'started') continue;
      if (after.terms.approval.when === 'afterwards') continue;
      for (const { role, quorum } of after.terms.required) expect(goesFor(after, role)).toHaveLength(quorum);
    }
  });

  holds(
    'CH-1: only what started without its sign-offs owes any, and a go that it got is owed no more',
    (world) => {
      for (const { event, after } of world.done) {
        const owing = after.terms.approval.when === 'afterwards' && after.rollout?.startedAt !== undefined;
        if (!owing) expect(owes(after)).toBe(false);
        if (event.type === 'signed_afterwards') expect(owing).toBe(true);
        for (const { role, quorum } of owedSignOffs(after))
          expect(goesFor(after, role).length).toBeLessThan(quorum);
      }
    },
  );

  holds(
    'CH-8: nobody is reminded who may not sign or who has, and no go that counts at a start is too old',
    (world) => {
      let before: Deployment | undefined;
      for (const { event, after } of world.done) {
        if (event.type === 'reminded' && event.about === 'sign_offs') {
          for (const { id } of event.people) expect(isOwn(after, id)).toBe(false);
        }
        if (event.type === 'started' && before?.terms.approval.when === 'before') {
          const lasts = before.terms.approval.goLasts ?? Number.POSITIVE_INFINITY;
          const goes = before.terms.required.flatMap(({ role }) => goesFor(after, role));
          for (const { at } of goes) expect(event.at - at).toBeLessThan(lasts);
        }
        before = after;
      }
    },
  );

  holds(
    'the backend is only told the step under way, and nothing but the way back once that began',
    (world) => {
      let goingBack = false;
      for (const { event, after, effects } of world.done) {
        goingBack ||= event.type === 'rollback_started';
        for (const effect of effects) {
          if (effect.kind === 'roll_back') expect(goingBack).toBe(true);
          if (effect.kind !== 'apply') continue;
          expect(goingBack).toBe(false);
          expect(isStepUnderWay(after, effect.step)).toBe(true);
          const step = after.terms.envelope.plan.steps[effect.step];
          expect(step && meaningOf(step).command).toBe(true);
          // What is the way back is taken down when nobody can need it any more.
          expect(after.status).toBe(step?.kind === 'retire-old' ? 'observing' : 'rolling_out');
        }
      }
    },
  );

  holds('no two commands have the same key', (world) => {
    const keys = world.done
      .flatMap(({ effects }) => effects)
      .filter(({ kind }) => kind !== 'show')
      .map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  holds('which records are there follows from the status', (world) => {
    for (const { after } of world.done) {
      const { status, rollout, rollback, ending } = after;
      expect(ending !== undefined, status).toBe(TERMINAL.has(status));
      expect(rollout === undefined, status).toBe(BEFORE_ITS_START.has(status));
      expect(rollback !== undefined, status).toBe(['rolling_back', 'rolled_back', 'failed'].includes(status));
      if (status === 'held') expect(rollout?.hold).toBeDefined();
      if (status === 'rolling_out') expect(rollout?.hold).toBeUndefined();
      if (status === 'observing' || status === 'handed_over') expect(rollout?.completedAt).toBeDefined();
    }
  });

  holds('traffic only ever climbs, until it goes back', (world) => {
    const shares = stagesBegun(world.d).map(({ percent }) => percent);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(new Set(shares).size).toBe(shares.length);
  });

  holds('a hold stands exactly while it is held, a rollback once it began, an end once it ended', (world) => {
    for (const { after } of world.done) {
      expect(after.rollout?.hold !== undefined).toBe(after.status === 'held');
      expect(after.rollback !== undefined).toBe(
        ['rolling_back', 'rolled_back', 'failed'].includes(after.status),
      );
      expect(after.ending?.at !== undefined).toBe(TERMINAL.has(after.status));
    }
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
