/** How a rollback ended, told where its button was (K-6): whoever clicked below an alert reads it there. */

import type { BegunRollback } from '../src/conductor/ports/alert-answer-store.ts';
import { createPump, NotNow, type Pump } from '../src/conductor/pump.ts';
import { type Clock, type Duration, SECOND } from '../src/time.ts';
import { renderAlertEnded } from '../views/alert.ts';
import type { Rendered } from '../views/blocks.ts';
import type { CommandContext } from './context.ts';

export interface AlertEnds extends Pump {
  /** The record has moved. */
  committed(): void;
}

interface Told extends BegunRollback {
  said: Rendered;
}

/** After a refusal of Slack, and for what another process conducts. */
const LOOK_AGAIN: Duration = 30 * SECOND;

export function createAlertEnds(context: CommandContext, clock: Clock): AlertEnds {
  const { stores, clients, log, isLostReply } = context;
  /** Whether any waits for its end: nobody asks the record in vain. */
  let areSome = false;
  const pump = createPump<Told>({
    name: 'ends of rollbacks below alerts',
    clock,
    log,
    concurrency: 1,
    keyOf,
    async due(now, except, limit) {
      const begun = await stores.alerts.begun();
      areSome = begun.length > 0;
      const free = begun.filter((one) => !except.has(keyOf(one)));
      const ended = await Promise.all(free.map((one) => toldOf(context, one)));
      return {
        items: ended.filter((one) => one !== undefined).slice(0, limit),
        next: areSome ? now + LOOK_AGAIN : undefined,
      };
    },
    async run(told) {
      const { channel, answerTs, said } = told;
      try {
        await clients.outbound.chat.update({ channel, ts: answerTs, ...said });
      } catch (error) {
        log.warn({ err: error, channel }, 'the end of a rollback was not told below its alert');
        if (!isLostReply(error)) throw new NotNow('told later', { cause: error, rest: LOOK_AGAIN });
      }
      await stores.alerts.ended(told);
    },
  });
  return {
    ...pump,
    committed() {
      if (areSome) pump.poke();
    },
  };
}

async function toldOf({ stores }: CommandContext, begun: BegunRollback): Promise<Told | undefined> {
  const deployment = await stores.events.load(begun.deployment);
  const said = deployment && renderAlertEnded(deployment);
  return said && { ...begun, said };
}

const keyOf = ({ channel, answerTs }: BegunRollback): string => `${channel} ${answerTs}`;
