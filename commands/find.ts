/** Which deployment a person means by `checkout`, `checkout production` or `D-1042`. */

import { nearest } from '../src/config/nearest.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK, type Status } from '../src/deployment/lifecycle.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import { changeTypeIds } from '../src/policy/change-types.ts';
import type { Policy } from '../src/policy/policy.ts';
import { whereFrom } from '../src/policy/watching.ts';
import type { Answer } from '../src/slack/feature.ts';
import { withInstead } from '../src/words/instead.ts';
import type { Names } from '../src/words/names.ts';
import { readSubject, type Subject } from '../src/words/subject.ts';
import { renderRefusal, renderWatchedOnly } from '../views/answers.ts';
import { renderUnknownName } from '../views/command-answers.ts';
import type { CommandContext } from './context.ts';

export type Found =
  | { ok: true; deployment: Deployment /** What was said about it. */; reason: string }
  /** `several`: there are some, and which one is asked. */
  | { ok: false; answer: Answer; several?: true };

export interface Search {
  /** What the person typed after the sub-command. */
  text: string;
  /** All of the command. */
  typed?: string;
  /** Only deployments in these statuses are meant. */
  statuses: ReadonlySet<Status>;
  /** For "no deployment of checkout …": "can be rolled back". */
  that: string;
  usage: string;
  /** Where several are meant; unless told, their ids in a sentence. */
  several?: (found: readonly Deployment[], reason: string) => Answer;
}

export function namesOf({ services, environments, changeTypes }: Policy): Names {
  return {
    services: new Map([...services].map(([name, service]) => [name, service.environments])),
    environments,
    changeTypes: changeTypeIds({ changeTypes }),
  };
}

/** Names in any order, and with fewer of them whatever is the only one that they fit. */
export async function findDeployment(context: CommandContext, search: Search): Promise<Found> {
  const subject = readSubject(search.text, namesOf(context.policy()));
  const { id, service, environment, reason, unknown } = subject;
  if (unknown !== undefined) return none(unknownIn(context, unknown, service, search.typed));
  // What can go back is only shown, each with its own button: nothing is refused there.
  if (subject.also !== undefined && search.several === undefined)
    return none(tooMuch(subject.also, search.usage, 'One at a time'));
  if (id !== undefined) return byId(context, id, subject);
  const served = service === undefined ? undefined : context.policy().services.get(service)?.environments;
  if (environment !== undefined && served?.includes(environment) === false)
    return none(unknownName('environment', environment, served, search.typed));
  const found = await context.stores.events.list({
    statuses: search.statuses,
    limit: MAX_MEANT,
    ...defined({ service, environment }),
  });
  const [newest, other] = found;
  if (newest === undefined)
    return none(renderRefusal(`There is no deployment${placeWords(subject)} that ${search.that}.`));
  // Without a name it is shown which there is: nothing is done to what nobody named.
  const isNamed = service !== undefined || environment !== undefined;
  if (other === undefined && isNamed) return { ok: true, deployment: newest, reason };
  return whichOne(found, subject, search);
}

function whichOne(
  found: readonly Deployment[],
  { service, reason }: Subject,
  { several, usage }: Pick<Search, 'several' | 'usage'>,
): Extract<Found, { ok: false }> {
  if (several) return { ...none(several(found, reason)), several: true };
  const choices = found
    .map(
      ({ id, terms: { envelope } }) =>
        `${id} (${service === undefined ? `${envelope.service} ` : ''}${envelope.version} to ${envelope.environment})`,
    )
    .join(', ');
  const answer = renderRefusal(`Which one? ${choices}.`, `Name it: /deploy ${usage}`);
  return { ...none(answer), several: true };
}

/** Some more are found by their names. */
const MAX_MEANT = 5;

const placeWords = ({ service, environment }: Subject): string =>
  `${service === undefined ? '' : ` of ${service}`}${environment === undefined ? '' : ` in ${environment}`}`;

function unknownIn(
  context: CommandContext,
  { what, word }: NonNullable<Subject['unknown']>,
  service: string | undefined,
  typed: string | undefined,
): Answer {
  const policy = context.policy();
  const environments = policy.environments.map(({ id }) => id);
  return what === 'service'
    ? unknownName('service', word, [...policy.services.keys()], typed)
    : unknownName(
        'environment',
        word,
        policy.services.get(service ?? '')?.environments ?? environments,
        typed,
      );
}

/** What can go back: on its way or observed, else the newest that was handed over at the place (RB-7). */
export async function findToRollBack(
  context: CommandContext,
  asked: Pick<Search, 'text' | 'typed' | 'usage' | 'several'>,
): Promise<Found> {
  const search = { ...asked, that: 'could be rolled back' };
  const found = await findDeployment(context, { ...search, statuses: CAN_ROLL_BACK });
  if (found.ok || found.several) return found;
  const subject = readSubject(asked.text, namesOf(context.policy()));
  const named = context.policy().services.get(subject.service ?? '');
  if (named?.mode === 'watch') return none(renderWatchedOnly(named.name, whereFrom(named)));
  const over = subject.unknown === undefined ? await newestHandedOver(context, subject) : [];
  const [only, other] = over;
  if (only === undefined) return found;
  if (other === undefined) return { ok: true, deployment: only, reason: subject.reason };
  return whichOne(over, subject, search);
}

/** One of each environment that is meant. */
async function newestHandedOver(
  context: CommandContext,
  { service, environment }: Subject,
): Promise<Deployment[]> {
  if (service === undefined) return [];
  const served = context.policy().services.get(service)?.environments ?? [];
  const newest = await Promise.all(
    served
      .filter((one) => environment === undefined || one === environment)
      .map((one) =>
        context.stores.events.list({ service, environment: one, statuses: ['handed_over'], limit: 1 }),
      ),
  );
  return newest.flat().filter(mayBeTakenBack);
}

/** A name beside the id that is not its own is a mistake, and which of the two is one nobody knows. */
async function byId(context: CommandContext, id: string, subject: Subject): Promise<Found> {
  const deployment = await context.stores.events.load(id);
  if (deployment === undefined) return none(renderUnknownName('deployment', id, { known: [] }));
  const { service, environment } = deployment.terms.envelope;
  const isSame =
    (subject.service ?? service) === service && (subject.environment ?? environment) === environment;
  return isSame
    ? { ok: true, deployment, reason: subject.reason }
    : none(
        renderRefusal(
          `${id} is ${service} in ${environment}, and not${placeWords(subject)}. Name one of the two.`,
        ),
      );
}

const none = (answer: Answer): Extract<Found, { ok: false }> => ({ ok: false, answer });

/** `typed` is the whole command, for a button that runs it with the nearest name. */
export function unknownName(
  what: 'service' | 'environment',
  word: string,
  known: readonly string[],
  typed?: string,
): Answer {
  const near = nearest(word, known);
  const meant = near === undefined || typed === undefined ? undefined : withInstead(typed, word, near);
  return renderUnknownName(what, word, { known, ...defined({ near, meant }) });
}

/** Words that nothing is done with are never dropped in silence. */
export function tooMuch(words: string, usage: string, why?: string): Answer {
  const what = why === undefined ? `"${words}" is not understood` : `${why}, and "${words}" is named as well`;
  return renderRefusal(`${what}, so nothing was done.`, `Say: /deploy ${usage}`);
}
