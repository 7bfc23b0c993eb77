/** `/deploy freeze` and `/deploy unfreeze` (WN-3): nothing starts there meanwhile, and who said so and why is kept. */

import type { Freeze } from '../src/policy/calendar/freezes.ts';
import { type Scope, scopeWords } from '../src/policy/calendar/scope.ts';
import type { Answer, CommandCall, Feature } from '../src/slack/feature.ts';
import { type Instant, moment } from '../src/time.ts';
import { environmentNamed, serviceNamed } from '../src/words/names.ts';
import { type Period, readPeriod } from '../src/words/period.ts';
import { saidBy, type Word } from '../src/words/word.ts';
import { renderRefusal } from '../views/answers.ts';
import { renderUsage } from '../views/command-answers.ts';
import { actorOf, type CommandContext, refusalOf, whoIs } from './context.ts';
import { namesOf, unknownName } from './find.ts';

const FREEZE = {
  usage: 'freeze SERVICE|ENVIRONMENT|everything until TIME because REASON',
  summary: 'nothing starts there until then',
};
const UNFREEZE = {
  usage: 'unfreeze F-1|SERVICE|ENVIRONMENT|everything',
  summary: 'end a freeze before its time',
};
const AT_ONCE =
  'It ends at once, and takes no time: nothing was done. Say it when it should end, or leave it to its own end.';
const EVERYTHING = ['everything', 'all', 'everywhere'];

export function freezing(context: CommandContext): Feature {
  return {
    subCommands: {
      freeze: { ...FREEZE, run: (call) => freeze(context, call) },
      unfreeze: { ...UNFREEZE, run: (call) => unfreeze(context, call) },
    },
  };
}

async function freeze(context: CommandContext, call: CommandCall): Promise<void> {
  const now = context.clock.now();
  const words = readPeriod(call.text, { zone: (await context.people.known(call.userId)).tz, now });
  const scope = scopeOf(context, words.names, call.typed);
  if (!scope.ok) return call.answer(scope.answer ?? renderUsage(FREEZE, whatIsMissing(words)));
  const missing = whatIsMissing(words);
  if (missing !== undefined || words.until === undefined) return call.answer(renderUsage(FREEZE, missing));
  const somebody = await whoIs(context, call);
  if (somebody === undefined) return;
  const from = words.from ?? now;
  const asked = { scope: scope.scope, reason: words.reason, from, until: words.until };
  const outcome = await context.conductor.calendar.freeze(actorOf(somebody), asked);
  if (outcome.kind === 'refused') return call.answer(refusalOf(outcome, FREEZE));
  const declared = outcome.freeze;
  const overrides = declared.overrides.join(', ') || 'nobody';
  await call.answer(
    renderRefusal(
      `🧊 ${declared.id}: ${scopeWords(declared)} frozen${from > now ? ` from ${moment(from)}` : ''} until ${moment(declared.until)} ("${declared.reason}").`,
      `What is scheduled there waits, and its card says so. What is rolling out goes on; rollbacks never wait. For one deployment it can be overridden by ${overrides}. /deploy unfreeze ${declared.id} ends it.${besideWords(
        outcome.beside.filter(({ until }) => until > declared.until),
        now,
      )}${words.notes.map((note) => ` ${note}`).join('')}`,
    ),
  );
}

/** What else keeps it closed: nobody is to think that it is open when one of them has ended. */
function besideWords(freezes: readonly Freeze[], now: Instant): string {
  return freezes
    .slice(0, 3)
    .map(
      (one) =>
        ` ${one.by === undefined ? 'The policy' : one.id} freezes ${scopeWords(one)}${one.from > now ? ` from ${moment(one.from)}` : ''} until ${moment(one.until)} as well ("${one.reason}").`,
    )
    .join('');
}

function whatIsMissing({ names, until, problem, reason }: Period): string | undefined {
  if (names.length === 0) return 'Say what to freeze: a service, an environment, or everything.';
  if (problem !== undefined) return problem;
  if (until === undefined) return 'Say until when: until tomorrow 9am, or for 2h.';
  return reason === '' ? 'Say why: because …' : undefined;
}

type ReadScope = { ok: true; scope: Scope } | { ok: false; answer?: Answer };

/** Services and environments by their names; a name that is none of them gets the nearest. */
function scopeOf(context: CommandContext, words: readonly Word[], typed: string): ReadScope {
  if (words.length === 0) return { ok: false };
  const policy = context.policy();
  const names = namesOf(policy);
  const services = new Set<string>();
  const environments = new Set<string>();
  for (const { bare, lower } of words) {
    const service = serviceNamed(bare, names);
    const environment = service === undefined ? environmentNamed(bare, names) : undefined;
    if (service !== undefined) services.add(service);
    else if (environment !== undefined) environments.add(environment);
    else if (!EVERYTHING.includes(lower)) {
      const known = [...policy.services.keys(), ...policy.environments.map(({ id }) => id)];
      return { ok: false, answer: unknownName('service', bare, known, typed) };
    }
  }
  return {
    ok: true,
    scope: {
      ...(services.size === 0 ? {} : { services: [...services] }),
      ...(environments.size === 0 ? {} : { environments: [...environments] }),
    },
  };
}

async function unfreeze(context: CommandContext, call: CommandCall): Promise<void> {
  const now = context.clock.now();
  const words = readPeriod(call.text, { zone: 'UTC', now });
  const { freezes } = await context.stores.calendar.standing(now);
  if (words.from !== undefined || words.until !== undefined || words.problem !== undefined)
    return call.answer(renderUsage(UNFREEZE, AT_ONCE));
  const found = meant(context, call.typed, words.names, freezes);
  if ('answer' in found) return call.answer(found.answer);
  const somebody = await whoIs(context, call);
  if (somebody === undefined) return;
  const outcome = await context.conductor.calendar.lift(
    actorOf(somebody),
    found.freeze.id,
    words.reason || found.said,
  );
  if (outcome.kind === 'refused') return call.answer(refusalOf(outcome, UNFREEZE));
  const { by } = outcome.freeze;
  const told = by === undefined || by.id === somebody.person.id ? '' : ` ${by.name} is told.`;
  await call.answer(
    renderRefusal(
      outcome.beside.length === 0
        ? `${found.freeze.id} is over: ${scopeWords(found.freeze)} can be deployed again. What waited for it starts at its time.${told}`
        : `${found.freeze.id} is over.${besideWords(outcome.beside, now)}${told}`,
    ),
  );
}

function meant(
  context: CommandContext,
  typed: string,
  names: readonly Word[],
  freezes: readonly Freeze[],
): { freeze: Freeze; said: string } | { answer: Answer } {
  const known = freezes.map(({ id }) => id);
  const all = freezes.map((freeze) => `${freeze.id} (${scopeWords(freeze)})`).join(', ');
  const there = all === '' ? 'No freeze stands that a person declared.' : `There is ${all}.`;
  const { calendar } = context.policy();
  const isPlanned = calendar.freezes.length + calendar.recurring.length > 0;
  const planned = isPlanned ? ' Planned ones are in gonogo.yml.' : '';
  const word = names[0]?.lower ?? '';
  if (word === '') return { answer: renderUsage(UNFREEZE, `Say which. ${there}${planned}`) };
  const byId = freezes.find(({ id }) => id.toLowerCase() === word);
  if (byId !== undefined) return { freeze: byId, said: saidBy(names.slice(1)) };
  if (/^f-\d+$/.test(word))
    return { answer: renderRefusal(`${word.toUpperCase()} does not stand. ${there}${planned}`) };
  const scope = scopeOf(context, names, typed);
  if (!scope.ok) return { answer: scope.answer ?? renderUsage(UNFREEZE, there) };
  const same = freezes.filter((freeze) => scopeWords(freeze) === scopeWords(scope.scope));
  const [only, ...more] = same;
  if (only !== undefined && more.length === 0) return { freeze: only, said: '' };
  const which =
    same.length > 1
      ? `Which one? ${same.map(({ id }) => id).join(', ')}.`
      : `${scopeWords(scope.scope)} is not frozen as such. ${there}${planned}`;
  return { answer: renderUsage(UNFREEZE, known.length === 0 ? `${there}${planned}` : which) };
}
