/** `/deploy metrics`: how often, how fast and how safely is delivered (MT-1, MT-2). */

import { deliveredIn } from '../src/conductor/deliveries.ts';
import { defined } from '../src/defined.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import { DAY } from '../src/time.ts';
import { readLast } from '../src/words/last.ts';
import { readSubject } from '../src/words/subject.ts';
import { renderDelivery } from '../views/delivery.ts';
import type { CommandContext } from './context.ts';
import { namesOf, tooMuch, unknownName } from './find.ts';

const METRICS = 'metrics [SERVICE] [ENVIRONMENT] [30 days]';
const USUAL = 30 * DAY;

export function delivery(context: CommandContext): Feature {
  return {
    subCommands: {
      metrics: {
        usage: METRICS,
        summary: 'how often, how fast and how safely is delivered',
        run: (call) => answer(context, call),
      },
    },
  };
}

async function answer(context: CommandContext, call: CommandCall): Promise<void> {
  const { span: period = USUAL, rest } = readLast(call.text);
  const policy = context.policy();
  const { service, environment, reason, unknown, also, id } = readSubject(rest, namesOf(policy));
  if (rest !== '' && unknown !== undefined)
    return call.answer(
      unknownName(
        unknown.what,
        unknown.word,
        unknown.what === 'service'
          ? [...policy.services.keys()]
          : (policy.services.get(service ?? '')?.environments ?? []),
        call.typed,
      ),
    );
  const left = also ?? id ?? (reason === '' ? undefined : reason);
  if (rest !== '' && left !== undefined) return call.answer(tooMuch(left, METRICS));
  const until = context.clock.now();
  const place = defined({ service, environment });
  const { deliveries, since } = await deliveredIn(context.stores.events, {
    from: until - period,
    until,
    ...place,
  });
  await call.answer(renderDelivery(deliveries, { period, since, ...place }));
}
