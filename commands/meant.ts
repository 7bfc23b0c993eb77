/** The button below a mistyped command (K-1): what was meant is done as if it had been typed, by whoever may. */

import type { Click, CommandCall, Feature } from '../src/slack/feature.ts';
import { renderRefusal } from '../views/answers.ts';
import { MEANT_ACTION } from '../views/command-answers.ts';

/** So many clicks are remembered, to do what a double click asks for once. */
const MAX_REMEMBERED = 1_000;

export function meantCommands(run: (call: CommandCall) => Promise<void>): Feature {
  const done = new Set<string>();
  return {
    clicks: {
      [MEANT_ACTION]: async (click) => {
        const { message, value: text, ...origin } = click;
        if (message === undefined || text === '') return;
        const key = `${click.userId} ${message.channel} ${message.ts}`;
        if (done.has(key)) return tellDone(click);
        remember(done, key);
        await run({ ...origin, channelId: message.channel, typed: text, text });
      },
    },
  };
}

function remember(done: Set<string>, key: string): void {
  const [oldest] = done;
  if (done.size >= MAX_REMEMBERED && oldest !== undefined) done.delete(oldest);
  done.add(key);
}

const tellDone = (click: Click): Promise<void> =>
  click.answer(
    renderRefusal('That button was used already.', `Type it to do it again: /deploy ${click.value}`),
  );
