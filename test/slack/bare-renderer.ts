/** Live messages of a rig without a bot around them: to a Slack of a test's or a bench's own. */

import type { Pump } from '../../src/conductor/pump.ts';
import { createLog } from '../../src/log.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createRenderer } from '../../src/slack/renderer.ts';
import type { Clock } from '../../src/time.ts';
import { renderLive } from '../../views/live-message.ts';
import type { Rig } from '../conductor/rig.ts';

/** `clock`: by which Slack is paced. */
export function bareRenderer(rig: Rig, slackApiUrl: string, clock: Clock = rig.clock): Pump {
  const log = createLog({ level: 'silent' });
  const { outbound } = createClients({ token: 'xoxb-test', slackApiUrl, log });
  return createRenderer({
    stores: rig.stores,
    client: outbound,
    log,
    clock,
    record: rig.clock,
    render: (message, deployment, event, more) =>
      renderLive(message, deployment, event, { policy: rig.policy, ...more }),
    mayNotRead: async () => undefined,
    pictureOf: async () => undefined,
    cardLink: async () => undefined,
    stillIn: async () => [],
    onUnshown() {},
    async onAsked() {},
  });
}
