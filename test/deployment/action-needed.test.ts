/** K-3, ST-6: whoever must act on a hold, or on a rollback by itself, is told once, and told when it is done. */

import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/deployment/canonical-json.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { LiveMessage } from '../../src/deployment/effects.ts';
import type { EventType } from '../../src/deployment/events.ts';
import { NOT_STARTED } from '../../src/deployment/lifecycle.ts';
import { type Matter, mattersOf, toCallForItems, waitingFor } from '../../src/deployment/waiting-for.ts';
import { MINUTE } from '../../src/time.ts';
import type { Rendered } from '../../views/blocks.ts';
import { renderCard } from '../../views/card.ts';
import { renderNote } from '../../views/notes.ts';
import { backend, DANA, dana, details, inShort, OMAR, omar, tom } from './builders.ts';
import { storyTests, tellStory } from './stories.ts';
import { type Done, observed, type World, worldAt } from './world.ts';

const inEveryStory = storyTests();

const shownBy = (world: World, type: string): LiveMessage[] =>
  (world.done.findLast(({ event }) => event.type === type)?.effects ?? []).flatMap((effect) =>
    effect.kind === 'show' ? [effect.message] : [],
  );

const toldBy = (world: World, type: string): string[] =>
  shownBy(world, type).flatMap((message) => (message.kind === 'nudge' ? [message.user] : []));

describe('A hold', () => {
  it.each([
    ['somebody with a role', tom, ['U-DANA', 'U-OMAR']],
    ['its lead', dana, ['U-OMAR']],
    ['its on-call', omar, ['U-DANA']],
  ] as const)('of %s is told to those who must decide, but for who did it', (_who, actor, told) => {
    const world = worldAt('watching');
    world.tell({ kind: 'hold', reason: '' }, actor);
    expect(toldBy(world, 'held')).toEqual(told);
  });

  it('of a lead who is on call as well is told to nobody else', () => {
    const world = worldAt('watching', { details: details({ onCall: DANA }) });
    world.tell({ kind: 'hold', reason: '' }, dana);
    expect(toldBy(world, 'held')).toEqual([]);
    expect(world.d.status).toBe('held');
  });

  it('acts without a reason, and takes it afterwards, also when it is over', () => {
    const world = worldAt('watching');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: 'x' }, tom))).toBe('refused wrong_status');
    expect(inShort(world.tell({ kind: 'hold', reason: '' }, tom))).toBe('accepted held');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: ' ' }, tom))).toBe('refused reason_needed');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: 'a log line' }, tom))).toBe(
      'accepted hold_explained',
    );
    expect(world.d.rollout?.hold).toMatchObject({ reason: 'a log line', by: { name: 'Tom' } });
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    world.tell({ kind: 'explain_hold', reason: 'a strange log line' }, tom);
    expect(world.d.rollout?.hold).toBeUndefined();
    expect(world.d.rollout?.actionsNeeded.at(-1)?.reason).toBe('a strange log line');
    const nobody = { ...tom, roles: [] };
    expect(inShort(world.ask({ kind: 'explain_hold', reason: 'x' }, nobody))).toMatch(/^refused not_allowed/);
  });

  it.each([
    ['resumed', (w: World) => w.tell({ kind: 'resume', reason: 'It looks well.' }, dana), 'resumed'],
    [
      'promoted',
      (w: World) => w.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana),
      'promoted',
    ],
    ['rollback_started', (w: World) => w.tell({ kind: 'roll_back', why: 'odd' }, dana), 'rolled_back'],
  ] as const)('is taken back from those who were told once it is %s', (type, act, how) => {
    const world = worldAt('watching');
    world.tell({ kind: 'hold', reason: 'odd' }, tom);
    const seq = world.events.at(-1)?.seq;
    world.pass(MINUTE);
    act(world);
    expect(world.d.rollout?.actionsNeeded).toMatchObject([
      { seq, done: { how, by: { name: 'Dana' }, at: world.now } },
    ]);
    const shown = shownBy(world, type);
    expect(shown).toContainEqual({ kind: 'note', seq, broadcast: true });
    expect(shown).toContainEqual({ kind: 'nudge', seq, user: OMAR.id });
  });
});

describe('A rollback', () => {
  it('by itself asks its lead and on-call to say what happened, until one has', () => {
    const world = worldAt('watching');
    world.pass(1000).tell(observed(world.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);
    expect(world.d.status).toBe('rolling_back');
    expect(toldBy(world, 'rollback_started')).toEqual(['U-DANA', 'U-OMAR']);
    world.pass(1000).observe();
    expect(toldBy(world, 'rolled_back')).toEqual(['U-DANA', 'U-OMAR']);
    world.tell({ kind: 'explain_rollback', reason: 'a bad query' }, omar);
    expect(world.d.rollout?.actionsNeeded.at(-1)?.done).toMatchObject({
      how: 'explained',
      by: { name: 'Omar' },
    });
    expect(toldBy(world, 'rollback_explained')).toEqual(['U-DANA', 'U-OMAR']);
  });

  it('that somebody asked for asks nobody', () => {
    const world = worldAt('watching');
    world.tell({ kind: 'roll_back', why: 'odd' }, omar);
    expect(toldBy(world, 'rollback_started')).toEqual([]);
  });
});

inEveryStory('in every story somebody is asked to decide exactly while it is held', (story) => {
  for (const { after } of tellStory(story).done) {
    const open = (after.rollout?.actionsNeeded ?? []).filter(
      ({ about, done }) => about === 'hold' && done === undefined,
    );
    expect(open.length, after.status).toBe(after.status === 'held' ? 1 : 0);
  }
});

/** Who is notified by an event: by a mention in a new post, or by a message of their own that was not there before. */
function pingsOf({ event, after, effects }: Done, had: ReadonlySet<string>): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'show') return [];
    const { message } = effect;
    if (message.kind === 'note' && message.seq === event.seq) return mentionsIn(renderNote(after, event));
    if (message.kind === 'nudge' && message.seq === event.seq) return [message.user];
    if (message.kind === 'card' && event.type === 'requested') return mentionsIn(renderCard(after));
    return message.kind === 'dm' && !had.has(message.user) ? [message.user] : [];
  });
}

const mentionsIn = (message: Rendered | undefined): string[] => [
  ...new Set([...JSON.stringify(message?.blocks ?? []).matchAll(/<@([^>]+)>/g)].map(([, id = '']) => id)),
];

/** Whoever was asked what happened, or rolled it back, knows that there is a review to write. */
const knowsOfRollback = ({ rollback, rollout }: Deployment, id: string): boolean =>
  (rollback?.by.kind === 'person' && rollback.by.id === id) ||
  (rollout?.actionsNeeded ?? []).some(
    ({ about, people }) => about !== 'hold' && people.some((one) => one.id === id),
  );

interface Act {
  done: Done[];
  pings: string[];
  /** Those who had a message of their own before it. */
  had: ReadonlySet<string>;
}

/** What was done at once, by whoever did it. */
function actsOf({ done }: World): Act[] {
  const acts: Act[] = [];
  const had = new Set<string>();
  for (const one of done) {
    const last = acts.at(-1)?.done.at(-1)?.event;
    const isSame = last?.at === one.event.at && canonicalJson(last.by) === canonicalJson(one.event.by);
    const act = isSame ? acts.at(-1) : undefined;
    if (act === undefined) acts.push({ done: [one], pings: pingsOf(one, had), had: new Set(had) });
    else {
      act.done.push(one);
      act.pings.push(...pingsOf(one, had));
    }
    for (const effect of one.effects)
      if (effect.kind === 'show' && effect.message.kind === 'dm') had.add(effect.message.user);
  }
  return acts;
}

/** A post that mentions whoever must act, beside the message with the buttons. */
const URGENT: ReadonlySet<EventType> = new Set([
  'held',
  'rollback_started',
  'rollback_failed',
  'observation_unsettled',
]);

inEveryStory(
  'K-3: in every story nobody is notified twice by one event, but of what is urgent by mention and by message',
  (story) => {
    for (const { done, had } of actsOf(tellStory(story)))
      for (const one of done) {
        const { event, after } = one;
        const pings = pingsOf(one, had);
        const mentions = URGENT.has(event.type) ? mentionsIn(renderNote(after, event)) : [];
        const others = pings.slice();
        for (const id of mentions) others.splice(others.indexOf(id), 1);
        expect(others.toSorted(), event.type).toEqual([...new Set(others)].toSorted());
      }
  },
);

inEveryStory(
  'K-3: in every story whoever comes to be waited for is notified, or did it themselves',
  (story) => {
    let before: Deployment | undefined;
    for (const { done, pings, had } of actsOf(tellStory(story))) {
      const after = done.at(-1)?.after;
      const [first] = done;
      if (after === undefined || first === undefined) throw new Error('nothing was done');
      const { by } = first.event;
      const knows = (id: string, matter: Matter): boolean =>
        pings.includes(id) ||
        (by.kind === 'person' && by.id === id) ||
        // They were asked when it was asked for, and told that it may start before.
        (matter === 'owed' && had.has(id)) ||
        (matter === 'owed' && knowsOfRollback(after, id));
      // Who is to sign is asked when there is something to sign, and reads there what is theirs to tick.
      const signs = (id: string): boolean =>
        after.terms.required.some(({ asked }) => asked.some((one) => one.id === id));
      const milestone = NOT_STARTED.has(after.status) ? 'start' : 'hand_over';
      const called = new Set(toCallForItems(after, milestone, signs).map(({ id }) => id));
      for (const { matter, people } of waitingFor(after))
        for (const { id } of people.filter((one) => matter !== 'items' || called.has(one.id)))
          if (before === undefined || !mattersOf(before, id).includes(matter))
            expect(
              knows(id, matter),
              `${matter} of ${id} after ${done.map(({ event }) => event.type).join()}`,
            ).toBe(true);
      before = after;
    }
  },
);
