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
    async tell(notice, since) {
      const channel = context.policy().services.get(notice.service)?.channel;
      if (channel === undefined) return;
      const { service, environment, version } = notice;
      const metadata = { event_type: 'gonogo_automatic', event_payload: { service, environment, version } };
      const there = since === undefined ? undefined : await context.findPosted({ channel }, metadata, since);
      if (there !== undefined) return;
      await context.clients.outbound.chat.postMessage({
        channel,
        metadata,
        ...renderAutomaticNotice(notice),
      });
    },
  });
}
