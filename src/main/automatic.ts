/** Releases that go by themselves, told of in the channel of their service (CH-2). */

import type { CommandContext } from '../../commands/context.ts';
import { renderAutomaticNotice } from '../../views/automatic.ts';
import { createAutomatic } from '../conductor/automatic.ts';
import type { Pump } from '../conductor/pump.ts';
import type { Clock } from '../time.ts';

export function bringByThemselves(context: CommandContext, clock: Clock): Pump {
  return createAutomatic({
    ...context,
    clock,
    async tell(notice) {
      const channel = context.policy().services.get(notice.service)?.channel;
      if (channel !== undefined)
        await context.clients.outbound.chat.postMessage({ channel, ...renderAutomaticNotice(notice) });
    },
  });
}
