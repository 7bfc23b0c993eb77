/** `/deploy metrics`: how often, how fast and how safely is delivered (MT-1, MT-2). */

import { deliveredIn } from '../src/conductor/deliveries.ts';
import { defined } from '../src/defined.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import { DAY } from '../src/time.ts';
import { readLast } from '../src/words/last.ts';
import { readSubject } from '../src/words/subject.ts';
import { saidBy, type Word, wordsOf } from '../src/words/word.ts';
import { renderDelivery } from '../views/delivery.ts';
import type { CommandContext } from './context.ts';
import { namesOf, tooMuch, unknownName } from './find.ts';

const METRICS = 'metrics [SERVICE|TEAM] [ENVIRONMENT] [30 days]';
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
  const { span: period = USUAL, rest: said } = readLast(call.text);
  const policy = context.policy();
  const { team, rest } = teamIn(policy, said);
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
  const ofTeam = deliveries.filter((one) => team === undefined || team.services.has(one.service));
  await call.answer(renderDelivery(ofTeam, { period, since, ...place, team: team?.name }));
}

/** A team by its key or its name; a service of the same name is meant before it. */
function teamIn(
  { teams, services }: Policy,
  said: string,
): { team?: { name: string; services: ReadonlySet<string> }; rest: string } {
  const words = wordsOf(said);
  const isService = (word: Word): boolean =>
    [...services.keys()].some((name) => name.toLowerCase() === word.lower);
  for (const word of words) {
    const found = [...teams].find(([id, name]) =>
      [id.toLowerCase(), name.toLowerCase()].includes(word.lower),
    );
    if (found === undefined || isService(word)) continue;
    const [id, name] = found;
    const own = [...services.values()].filter(({ team }) => team === id).map((service) => service.name);
    return { team: { name, services: new Set(own) }, rest: saidBy(words.filter((one) => one !== word)) };
  }
  return { rest: said };
}
