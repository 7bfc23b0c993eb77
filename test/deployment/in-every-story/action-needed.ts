/** K-3: in every story whoever must act is told, and told once. */

import { canonicalJson } from '../../../src/deployment/canonical-json.ts';
import type { Deployment } from '../../../src/deployment/deployment.ts';
import type { EventType } from '../../../src/deployment/events.ts';
import { NOT_STARTED } from '../../../src/deployment/lifecycle.ts';
import { type Matter, mattersOf, toCallForItems, waitingFor } from '../../../src/deployment/waiting-for.ts';
import type { Rendered } from '../../../views/blocks.ts';
import { renderCard } from '../../../views/card.ts';
import { renderNote } from '../../../views/notes.ts';
import type { Done, World } from '../world.ts';
import { type InEveryStory, must, tellStory } from './stories.ts';

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

export function actionNeededStories(inEveryStory: InEveryStory): void {
  inEveryStory('in every story somebody is asked to decide exactly while it is held', (story) => {
    for (const { after } of tellStory(story).done) {
      const open = (after.rollout?.actionsNeeded ?? []).filter(
        ({ about, done }) => about === 'hold' && done === undefined,
      );
      must(open.length === (after.status === 'held' ? 1 : 0), after.status);
    }
  });

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
          must(new Set(others).size === others.length, event.type);
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
              must(
                knows(id, matter),
                `${matter} of ${id} after ${done.map(({ event }) => event.type).join()}`,
              );
        before = after;
      }
    },
  );
}
