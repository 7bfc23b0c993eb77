/** People doing things in Slack: each act waits until the bot has nothing more to do about it. */

import type { View } from '../../local-slack/protocol.ts';
import { defined } from '../../src/defined.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { PEOPLE, type PersonName } from './people.ts';
import type { Seen, Stage } from './stage.ts';
import { actionsOn, fieldIn, valuesIn } from './views-in-slack.ts';

type Acting = Pick<Stage, 'type' | 'click' | 'submit'>;

export function acting({ driver, settled }: Pick<Stage, 'driver' | 'settled'>): Acting {
  /** Does it, waits until the bot has nothing more to do about it, and looks at what the person sees. */
  async function seeing<T>(
    person: PersonName,
    place: { channel: string; thread_ts?: string } | undefined,
    act: () => Promise<T>,
  ): Promise<T & Seen> {
    const user = PEOPLE[person];
    const newest = place && (await driver.messages({ ...place, user, limit: 1 })).at(-1);
    const done = await act();
    await settled();
    const since = place && (await driver.messages({ ...place, user, ...defined({ since: newest?.ts }) }));
    const told = (since ?? []).filter(({ ephemeral }) => ephemeral === user).map(({ text }) => text);
    return { ...done, told, modal: await driver.view(user) };
  }

  /** What lies folded away is opened first, as a person would who wants to choose there. */
  async function opening(person: PersonName, view: View, actions: readonly string[]): Promise<View> {
    const inSight = actionsOn(view);
    if (!inSight.includes(SCHEDULE_BUTTONS.unfold) || actions.every((one) => inSight.includes(one)))
      return view;
    const { modal } = await seeing(person, undefined, () =>
      driver.action(PEOPLE[person], { view_id: view.id }, { action_id: SCHEDULE_BUTTONS.unfold }),
    );
    return modal ?? view;
  }

  return {
    type: (person, channel, text) =>
      seeing(person, { channel }, () => driver.command(PEOPLE[person], channel, text)),
    click: async (person, place, action_id, value) => {
      const where = 'channel' in place ? place : await opening(person, place, [action_id]);
      const onMessage = 'channel' in where;
      const element = { action_id, ...defined({ value }) };
      const at = onMessage
        ? {
            channel: where.channel,
            ...defined({ thread_ts: where.thread_ts }),
          }
        : undefined;
      return seeing(person, at, () =>
        driver.action(
          PEOPLE[person],
          onMessage ? { channel: where.channel, ts: where.ts } : { view_id: where.id },
          element,
        ),
      );
    },
    async submit(person, values = {}) {
      const open = await driver.view(PEOPLE[person]);
      if (open === null) throw new Error(`${person} has no modal open`);
      const view = await opening(person, open, Object.keys(values));
      const sent = await seeing(person, undefined, () =>
        driver.submit(PEOPLE[person], view.id, valuesIn(view, values)),
      );
      if (sent.errors === undefined || typeof sent.errors === 'string') return sent;
      const errors = Object.entries(sent.errors).map(
        ([block, text]) => [fieldIn(view, block), text] as const,
      );
      return { ...sent, errors: Object.fromEntries(errors) };
    },
  };
}
