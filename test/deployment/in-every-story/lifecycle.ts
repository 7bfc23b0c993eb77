/** What must hold in every story, however odd: found by random ones. */

import { describe, expect } from 'vitest';
import { isOwn } from '../../../src/deployment/approval/own.ts';
import {
  boundTo,
  goesFor,
  owedSignOffs,
  owes,
  owesChangeRequest,
} from '../../../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../../../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../../../src/deployment/events.ts';
import { evolve } from '../../../src/deployment/evolve.ts';
import { CAN_ROLL_BACK, REMARKS, type Status, TERMINAL } from '../../../src/deployment/lifecycle.ts';
import { isStepUnderWay, stagesBegun } from '../../../src/deployment/rollout/progress.ts';
import { meaningOf } from '../../../src/deployment/rollout/steps.ts';
import { type InEveryStory, must, tellAnew, tellStory } from './stories.ts';

const isRemark = ({ type }: DeploymentEvent) => (REMARKS as readonly string[]).includes(type);
const replay = (events: readonly DeploymentEvent[]) =>
  events.reduce<Deployment | undefined>((d, event) => evolve(d, event), undefined);

const GOES_BACK: ReadonlySet<Status> = new Set(['rolling_back', 'rolled_back', 'failed']);

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

export function lifecycleStories(inEveryStory: InEveryStory): void {
  describe('In every story', () => {
    const happened = new Map<EventType, number>();
    inEveryStory(
      'what is seldom is met too: delays, overrides, expiries, extensions, repeated rollbacks, refused builds',
      (story) => {
        for (const { type } of tellStory(story).events) happened.set(type, (happened.get(type) ?? 0) + 1);
      },
      () => {
        for (const type of SELDOM) expect(happened.get(type) ?? 0, type).toBeGreaterThan(5);
      },
    );

    // What is only watched has stories of its own.
    const met = new Map<Status, number>();
    inEveryStory(
      'each status is met, so that what follows says something',
      (story) => {
        tellStory(story, ({ d }) => met.set(d.status, (met.get(d.status) ?? 0) + 1));
      },
      () => {
        const ended = [...TERMINAL].filter((status) => status !== 'watch_over');
        for (const status of [...CAN_ROLL_BACK, ...ended, 'preparing', 'scheduled', 'rolling_back'] as const)
          expect(met.get(status) ?? 0, status).toBeGreaterThan(20);
      },
    );

    inEveryStory('nothing but remarks follows an end, and what ended stays as it ended', (story) => {
      const { done } = tellStory(story);
      const end = done.findIndex(({ after }) => TERMINAL.has(after.status));
      if (end < 0) return;
      for (const { event, after } of done.slice(end + 1)) {
        must(isRemark(event), event.type);
        expect(after).toMatchObject({
          status: done[end]?.after.status,
          ending: { at: done[end]?.after.ending?.at },
        });
      }
    });

    inEveryStory('the events alone give the same state, also when they come back from storage', (story) => {
      const { d, events } = tellStory(story);
      expect(replay(events)).toEqual(d);
      const stored = JSON.parse(JSON.stringify(events)) as DeploymentEvent[];
      expect(replay(stored)).toStrictEqual(d);
      expect(JSON.parse(JSON.stringify(d))).toStrictEqual(d);
    });

    inEveryStory('nothing that goes in is changed', (story) => {
      const frozen = { ...story, asked: deepFreeze(structuredClone(story.asked)) };
      for (const { d } of tellAnew(frozen)) deepFreeze(d);
    });

    inEveryStory('CH-7: a sign-off counts for exactly what is true now', (story) => {
      for (const { event, after } of tellStory(story).done) {
        for (const signOff of after.approval.signOffs) {
          if (signOff.fallen !== undefined) continue;
          must(boundTo(signOff) === after.envelopeHash, event.type);
        }
      }
    });

    inEveryStory(
      'CH-5: nothing starts without the change request that it waits for, and an emergency owes it',
      (story) => {
        for (const { event, after } of tellStory(story).done) {
          const lacks =
            after.terms.requirements.changeRequest === true && after.evidence.changeRequest === undefined;
          const afterwards = after.terms.approval.when === 'afterwards';
          if (event.type === 'started') must(!lacks || afterwards, 'what starts has its change request');
          const owing = lacks && afterwards && after.rollout?.startedAt !== undefined;
          must(owesChangeRequest(after) === owing, event.type);
        }
      },
    );

    inEveryStory('CH-6: who leads or asked never counts, and nobody counts twice for a role', (story) => {
      for (const { after } of tellStory(story).done) {
        for (const { role, quorum } of after.terms.required) {
          const people = goesFor(after, role).map((signOff) => signOff.person.id);
          must(!people.some((id) => isOwn(after, id)), 'nobody approves their own');
          must(new Set(people).size === people.length, 'nobody counts twice');
          must(people.length <= quorum, 'no more count than are asked');
        }
      }
    });

    inEveryStory('CH-10: nobody fills two roles', (story) => {
      for (const { after } of tellStory(story).done) {
        const goes = after.terms.required.flatMap(({ role }) => goesFor(after, role));
        const roles = new Map<string, Set<string>>();
        for (const { person: who, role } of goes)
          roles.set(who.id, (roles.get(who.id) ?? new Set()).add(role));
        for (const held of roles.values()) must(held.size === 1, 'one role each');
      }
    });

    inEveryStory('CH-6: nothing starts without every sign-off, but what is approved afterwards', (story) => {
      for (const { event, after } of tellStory(story).done) {
        if (event.type !== 'scheduled' && event.type !== 'started') continue;
        if (after.terms.approval.when === 'afterwards') continue;
        for (const { role, quorum } of after.terms.required)
          must(goesFor(after, role).length === quorum, role);
      }
    });

    inEveryStory(
      'CH-1: only what started without its sign-offs owes any, and a go that it got is owed no more',
      (story) => {
        for (const { event, after } of tellStory(story).done) {
          const owing = after.terms.approval.when === 'afterwards' && after.rollout?.startedAt !== undefined;
          must(owing || !owes(after), 'only what is approved afterwards owes');
          if (event.type === 'signed_afterwards') must(owing, event.type);
          for (const { role, quorum } of owedSignOffs(after))
            must(goesFor(after, role).length < quorum, role);
        }
      },
    );

    inEveryStory(
      'CH-8: nobody is reminded who may not sign or who has, and no go that counts at a start is too old',
      (story) => {
        let before: Deployment | undefined;
        for (const { event, after } of tellStory(story).done) {
          if (event.type === 'reminded' && event.about === 'sign_offs') {
            for (const { id } of event.people) must(!isOwn(after, id), 'nobody is reminded of their own');
          }
          if (event.type === 'started' && before?.terms.approval.when === 'before') {
            const lasts = before.terms.approval.goLasts ?? Number.POSITIVE_INFINITY;
            const goes = before.terms.required.flatMap(({ role }) => goesFor(after, role));
            for (const { at } of goes) must(event.at - at < lasts, 'no go is too old');
          }
          before = after;
        }
      },
    );

    inEveryStory(
      'the backend is only told the step under way, and nothing but the way back once that began',
      (story) => {
        let goingBack = false;
        for (const { event, after, effects } of tellStory(story).done) {
          goingBack ||= event.type === 'rollback_started';
          for (const effect of effects) {
            if (effect.kind === 'roll_back') must(goingBack, effect.kind);
            if (effect.kind !== 'apply') continue;
            must(!goingBack, 'nothing but the way back');
            must(isStepUnderWay(after, effect.step), `step ${effect.step}`);
            const step = after.terms.envelope.plan.steps[effect.step];
            must(step !== undefined && meaningOf(step).command, `a command of step ${effect.step}`);
            // What is the way back is taken down when nobody can need it any more.
            must(after.status === (step?.kind === 'retire-old' ? 'observing' : 'rolling_out'), after.status);
          }
        }
      },
    );

    inEveryStory('no two commands have the same key', (story) => {
      const keys = tellStory(story)
        .done.flatMap(({ effects }) => effects)
        .filter(({ kind }) => kind !== 'show')
        .map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    });

    inEveryStory(
      'RB-1: no decision asks the backend for two things: a command is known by its decision',
      (story) => {
        const commits = tellStory(story).done.flatMap(({ effects, commit }) =>
          effects.flatMap(({ kind }) => (kind === 'apply' || kind === 'roll_back' ? [commit] : [])),
        );
        expect(new Set(commits).size).toBe(commits.length);
      },
    );

    inEveryStory('which records are there follows from the status', (story) => {
      for (const { after } of tellStory(story).done) {
        const { status, rollout, rollback, ending } = after;
        must((ending !== undefined) === TERMINAL.has(status), status);
        must((rollout === undefined) === BEFORE_ITS_START.has(status), status);
        must((rollback !== undefined) === GOES_BACK.has(status), status);
        if (status === 'held') must(rollout?.hold !== undefined, status);
        if (status === 'rolling_out') must(rollout?.hold === undefined, status);
        if (status === 'observing' || status === 'handed_over')
          must(rollout?.completedAt !== undefined, status);
      }
    });

    inEveryStory('traffic only ever climbs, until it goes back', (story) => {
      const shares = stagesBegun(tellStory(story).d).map(({ percent }) => percent);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(new Set(shares).size).toBe(shares.length);
    });

    inEveryStory(
      'a hold stands exactly while it is held, a rollback once it began, an end once it ended',
      (story) => {
        for (const { after } of tellStory(story).done) {
          must((after.rollout?.hold !== undefined) === (after.status === 'held'), after.status);
          must((after.rollback !== undefined) === GOES_BACK.has(after.status), after.status);
          must((after.ending?.at !== undefined) === TERMINAL.has(after.status), after.status);
        }
      },
    );
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
