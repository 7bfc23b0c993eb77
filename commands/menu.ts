/** The overflow menus of cards: a choice goes to the feature that offers it. */

import type { Click, Feature } from '../src/slack/feature.ts';
import { decodeButton } from '../views/button-value.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';

export function menu(features: readonly Feature[]): Feature {
  const choices = new Map(features.flatMap(({ choices }) => Object.entries(choices ?? {})));
  return {
    clicks: {
      [CARD_ACTIONS.more]: async (click: Click) => {
        const choice = choices.get(decodeButton(click.value)?.a ?? '');
        if (choice) return choice(click);
        await click.answer({ text: 'That choice is from another time. The card shows what there is now.' });
      },
    },
  };
}
