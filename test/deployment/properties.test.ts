/** What must hold in every story, however odd: found by random ones. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/deployment/decide.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Actor, Facts, Intent } from '../../src/deployment/intents.ts';
import { CAN_ROLL_BACK, REMARKS, type Status, TERMINAL } from '../../src/deployment/lifecycle.ts';
import { askAgainAfter, nextWake, questions } from '../../src/deployment/next-wake.ts';
import { goesFor, isOwn } from '../../src/deployment/sign-offs.ts';
import { DAY, MINUTE, SECOND } from '../../src/time.ts';
import { anyStory, type Story } from './arbitraries.ts';
import { backend, clock, facts, judge, PAUL, person, reading, ruth } from './builders.ts';
import { World } from './world.ts';

const RUNS = 250;

/** Tells a story; `each` sees the world after every step. */
function tellStory({ asked, steps }: Story, each: (world: World) => void = () => {}): World {
  const world = new World();
  world.tell(asked, ruth);
  each(world);
  for (const step of steps) {
    step(world);
    each(world);
  }
  return world;
}

function inEveryStory(holds: (story: Story) => void): void {
  fc.assert(fc.property(anyStory, holds), { numRuns: RUNS, seed: 20260105 });
}

const isRemark = ({ type }: DeploymentEvent) => (REMARKS as readonly string[]).includes(type);
const replay = (events: readonly DeploymentEvent[]) =>
  events.reduce<Deployment | undefined>((d, event) => evolve(d, event), undefined);

describe('In every story', () => {
  it('each status is met, so that what follows says something', () => {
    const met = new Map<Status, number>();
    inEveryStory((story) => {
      tellStory(story, ({ d }) => met.set(d.status, (met.get(d.status) ?? 0) + 1));
    });
    for (const status of [...CAN_ROLL_BACK, ...TERMINAL, 'preparing', 'scheduled', 'rolling_back'] as const)
      expect(met.get(status) ?? 0, status).toBeGreaterThan(20);
  });

  it('nothing but remarks follows an end, and what ended stays as it ended', () => {
    inEveryStory((story) => {
      const { done } = tellStory(story);
      const end = done.findIndex(({ after }) => TERMINAL.has(after.status));
      if (end < 0) return;
      for (const { event, after } of done.slice(end + 1)) {
        expect(isRemark(event), event.type).toBe(true);
        expect(after).toMatchObject({
          status: done[end]?.after.status,
          endedAt: done[end]?.after.endedAt,
        });
      }
    });
  });

  it('the events alone give the same state, also when they come back from storage', () => {
    inEveryStory((story) => {
      const { d, events } = tellStory(story);
      expect(replay(events)).toEqual(d);
      const stored = JSON.parse(JSON.stringify(events)) as DeploymentEvent[];
      expect(replay(stored)).toStrictEqual(d);
      expect(JSON.parse(JSON.stringify(d))).toStrictEqual(d);
    });
  });

  it('nothing that goes in is changed', () => {
    inEveryStory((story) => {
      tellStory({ ...story, asked: deepFreeze(structuredClone(story.asked)) }, (world) => {
        world.state = deepFreeze(world.d);
      });
    });
  });

  it('CH-7: a sign-off counts for exactly what is true now', () => {
    inEveryStory((story) => {
      for (const { event, after } of tellStory(story).done) {
        for (const signOff of after.signOffs) {
          if (signOff.fallen !== undefined) continue;
          expect(signOff.envelopeHash, event.type).toBe(after.envelopeHash);
        }
      }
    });
  });

  it('CH-6: who leads or asked never counts, and nobody counts twice for a role', () => {
    inEveryStory((story) => {
      for (const { after } of tellStory(story).done) {
        for (const { role, quorum } of after.required) {
          const people = goesFor(after, role).map((signOff) => signOff.person.id);
          expect(people.filter((id) => isOwn(after, id))).toEqual([]);
          expect(new Set(people).size).toBe(people.length);
          expect(people.length).toBeLessThanOrEqual(quorum);
        }
      }
    });
  });

  it('CH-6: nothing starts without every sign-off', () => {
    inEveryStory((story) => {
      for (const { event, after } of tellStory(story).done) {
        if (event.type !== 'scheduled' && event.type !== 'started') continue;
        for (const { role, quorum } of after.required) expect(goesFor(after, role)).toHaveLength(quorum);
      }
    });
  });

  it('the backend is only told the step under way, and nothing but the way back once that began', () => {
    inEveryStory((story) => {
      let goingBack = false;
      for (const { event, after, effects } of tellStory(story).done) {
        goingBack ||= event.type === 'rollback_started';
        for (const effect of effects) {
          if (effect.kind === 'roll_back') expect(goingBack).toBe(true);
          if (effect.kind !== 'apply') continue;
          expect(goingBack).toBe(false);
          expect(after.status).toBe('rolling_out');
          expect(effect.step).toBe(after.step?.index);
          expect(after.envelope.plan.steps[effect.step]?.kind).toBe('set-weight');
        }
      }
    });
  });

  it('no two commands have the same key', () => {
    inEveryStory((story) => {
      const keys = tellStory(story)
        .done.flatMap(({ effects }) => effects)
        .filter(({ kind }) => kind !== 'show')
        .map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('traffic only ever climbs, until it goes back', () => {
    inEveryStory((story) => {
      const shares = tellStory(story).d.stages.map(({ percent }) => percent);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(new Set(shares).size).toBe(shares.length);
    });
  });

  it('a hold stands exactly while it is held, a rollback once it began, an end once it ended', () => {
    inEveryStory((story) => {
      for (const { after } of tellStory(story).done) {
        expect(after.hold !== undefined).toBe(after.status === 'held');
        expect(after.rollback !== undefined).toBe(
          ['rolling_back', 'rolled_back', 'failed'].includes(after.status),
        );
        expect(after.endedAt !== undefined).toBe(TERMINAL.has(after.status));
      }
    });
  });
});

describe('From every state', () => {
  const boss = person({ id: 'U-BOSS', name: 'Boss' }, 'tech_lead', 'security', 'operations');

  /** What would take a deployment further, tried from a state as it is. */
  function waysOn(d: Deployment, now: number): [Intent, Actor][] {
    const { version } = d.envelope;
    const wanted = d.stages.at(-1)?.percent ?? 0;
    const seen = { at: now, health: 'passing' as const, canary: null, weight: 0 };
    return [
      [{ kind: 'sign', decision: 'go', envelopeHash: d.envelopeHash }, boss],
      [{ kind: 'observed', observation: { ...seen, stable: d.previous } }, backend],
      [{ kind: 'observed', observation: { ...seen, stable: version } }, backend],
      [
        {
          kind: 'observed',
          observation: { ...seen, stable: d.previous, canary: version, weight: wanted },
        },
        backend,
      ],
      [{ kind: 'measured', reading: reading(now - MINUTE, now) }, judge],
      [{ kind: 'wake' }, clock],
    ];
  }

  const ends = (d: Deployment, intent: Intent, actor: Actor, change: Partial<Facts> = {}) => {
    const now = d.step?.since ?? d.requestedAt;
    const decision = decide(d, intent, facts(actor, { now, ...change }));
    return decision.kind === 'accepted' && decision.events.some(({ type }) => !remarks.has(type));
  };
  const remarks: ReadonlySet<string> = new Set(REMARKS);

  it('that is not an end, the lead alone can end it, whatever the world answers', () => {
    inEveryStory((story) => {
      tellStory(story, ({ d }) => {
        if (TERMINAL.has(d.status)) return;
        const lead = person(d.details.lead);
        const way: Intent = CAN_ROLL_BACK.has(d.status)
          ? { kind: 'roll_back', why: '' }
          : d.status === 'rolling_back'
            ? { kind: 'give_up_rollback', reason: 'by hand' }
            : { kind: 'cancel' };
        expect(ends(d, way, lead), d.status).toBe(true);
      });
    });
  });

  it('that is not an end and not held, the world or the next sign-off leads further', () => {
    inEveryStory((story) => {
      tellStory(story, ({ d, now }) => {
        if (TERMINAL.has(d.status) || d.status === 'held') return;
        const soon = [now, now + 31 * MINUTE, now + 8 * DAY].flatMap((at) =>
          waysOn(d, at).map(([intent, actor]) => decide(d, intent, facts(actor, { now: at }))),
        );
        expect(
          soon.some((decision) => decision.kind === 'accepted'),
          d.status,
        ).toBe(true);
      });
    });
  });

  it('that is held, the lead can go on', () => {
    inEveryStory((story) => {
      tellStory(story, ({ d }) => {
        if (d.status === 'held') expect(ends(d, { kind: 'resume' }, person(d.details.lead))).toBe(true);
      });
    });
  });

  it('that can go well, it goes well to the end when nothing stands in its way', () => {
    inEveryStory((story) => {
      const world = tellStory(story);
      for (let step = 0; step < 200 && !TERMINAL.has(world.d.status); step += 1) goOn(world);
      expect(['handed_over', 'rolled_back', 'failed', 'rejected', 'expired', 'cancelled']).toContain(
        world.d.status,
      );
    });
  });

  /** As the conductor does: asks what is due and gets good answers; people resume and sign. */
  function goOn(world: World): void {
    const signer = person({ id: `U-${world.d.seq}`, name: 'X' }, 'tech_lead', 'security');
    if (world.d.status === 'preparing') world.sign(signer);
    if (world.d.status === 'held') world.tell({ kind: 'resume' }, person(world.d.details.lead));
    if (world.d.status === 'observing') world.pass(DAY);
    world.now = Math.max(world.now + SECOND, nextWake(world.d) ?? 0);
    const asked = questions(world.d, world.now);
    if (asked.length === 0) world.wake();
    if (asked.some(({ ask }) => ask === 'backend')) world.shift(...goodAnswer(world.d));
    if (questions(world.d, world.now).some(({ ask }) => ask === 'metrics')) world.look();
  }

  function goodAnswer(d: Deployment): Parameters<World['shift']> {
    return d.status === 'scheduled' || d.status === 'rolling_back'
      ? [0, { stable: d.previous, canary: null }]
      : [d.stages.at(-1)?.percent ?? 0];
  }

  it('a world that has nothing to say is asked in peace, and little is written', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const world = tellStory(story);
        const until = world.now + 10 * MINUTE;
        const written = world.done.length;
        let turns = 0;
        let snoozed = 0;
        for (;;) {
          const due = Math.max(nextWake(world.d) ?? Number.POSITIVE_INFINITY, snoozed);
          world.now = Math.max(world.now, due);
          if (world.now > until) break;
          turns += 1;
          const asked = questions(world.d, world.now);
          if (asked.length === 0) world.wake();
          if (asked.some(({ ask }) => ask === 'backend')) world.shift(undefined, { health: 'unknown' });
          if (questions(world.d, world.now).some(({ ask }) => ask === 'metrics')) world.look({ noData: 'x' });
          snoozed = (nextWake(world.d) ?? 0) <= world.now ? world.now + askAgainAfter(world.d) : 0;
        }
        expect(turns).toBeLessThanOrEqual(602);
        expect(world.done.length - written).toBeLessThan(40);
      }),
      { numRuns: 60, seed: 20260105 },
    );
  });

  it('that time can change, it is woken, and waiting after an empty answer ends the haste', () => {
    inEveryStory((story) => {
      tellStory(story, ({ d }) => {
        expect(nextWake(d) === undefined, d.status).toBe(TERMINAL.has(d.status));
        expect(askAgainAfter(d)).toBeGreaterThanOrEqual(SECOND);
      });
    });
  });

  it('a look moves the next look on, so that no window is asked for twice', () => {
    inEveryStory((story) => {
      tellStory(story, (world) => {
        const due = nextWake(world.d);
        const before = world.d;
        if (due === undefined) return;
        const now = Math.max(due, world.now);
        const window = questions(before, now).find(({ ask }) => ask === 'metrics');
        if (window?.ask !== 'metrics') return;
        expect(window.to).toBeGreaterThan(window.from);
        const copy = new World();
        copy.state = before;
        copy.now = now;
        copy.look();
        if (copy.d.status === before.status && copy.d.stages.length === before.stages.length)
          expect(nextWake(copy.d)).toBeGreaterThan(now);
      });
    });
  });

  it('a rollback is decided at once for the lead, whatever the story was', () => {
    inEveryStory((story) => {
      tellStory(story, ({ d, now }) => {
        if (!CAN_ROLL_BACK.has(d.status)) return;
        const decision = decide(d, { kind: 'roll_back', why: '' }, facts(person(d.details.lead), { now }));
        expect(decision).toEqual({
          kind: 'accepted',
          events: [{ type: 'rollback_started', to: d.previous, why: '' }],
        });
      });
    });
  });

  it('CH-6: a refusal leaves everything as it was, but for the attempt', () => {
    const paul = person(PAUL);
    const tried: Intent[] = [
      { kind: 'hold', reason: 'x' },
      { kind: 'resume' },
      { kind: 'cancel' },
      { kind: 'roll_back', why: 'x' },
      { kind: 'sign', decision: 'go', envelopeHash: 'old' },
    ];
    inEveryStory((story) => {
      const world = tellStory(story);
      for (const intent of tried) {
        const before = world.d;
        const written = world.done.length;
        if (world.tell(intent, paul).kind !== 'refused') return;
        expect({ ...world.d, seq: before.seq }).toEqual(before);
        for (const { event } of world.done.slice(written)) expect(event.type).toBe('attempt_refused');
      }
    });
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
