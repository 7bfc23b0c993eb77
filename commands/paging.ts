/** "I have it": whoever was called, or saw the call first, says so, and the pager stops. */

import type { Feature } from '../src/slack/feature.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';
import { type CommandContext, carryOut, clicked } from './context.ts';

export function paging(context: CommandContext): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.takePage]: async (click) => {
        const found = await clicked(context, click);
        if (found) await carryOut(context, click, found.deployment.id, { kind: 'take_page' });
      },
    },
  };
}
