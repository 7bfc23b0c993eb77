/** Which deployment a person means by `checkout`, `checkout production` or `D-1042`. */

import { nearest } from '../src/config/nearest.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK, type Status } from '../src/deployment/lifecycle.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import type { Answer } from '../src/slack/feature.ts';
import { renderRefusal, renderUnknownName } from '../views/answers.ts';
import type { CommandContext } from './context.ts';

export type Found = { ok: true; deployment: Deployment } | { ok: false; answer: Answer };

export interface Search {
  /** What the person typed after the sub-command. */
  text: string;
  /** Only deployments in these statuses are meant. */
  statuses: ReadonlySet<Status>;
  /** For "no deployment of checkout …": "can be rolled back". */
  that: string;
  usage: string;
  /** Where several are meant; unless told, their ids in a sentence. */
  several?: (found: readonly Deployment[]) => Answer;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/\b(in|to)\b/g, ' ')
    .trim()
    .split(/\s+/);

export async function findDeployment(context: CommandContext, search: Search): Promise<Found> {
  const [first = '', second = ''] = wordsOf(search.text);
  if (first === '') return none(renderRefusal('Name a service or a deployment.', `/deploy ${search.usage}`));
  if (/^d-\d+$/.test(first)) return byId(context, first.toUpperCase());
  const service = context.policy().services.get(first);
  if (service === undefined)
    return none(unknownName('service', first, [...context.policy().services.keys()]));
  if (second !== '' && !service.environments.includes(second)) {
    return none(unknownName('environment', second, service.environments));
  }
  const found = await context.stores.events.list({
    service: first,
    statuses: search.statuses,
    limit: 5,
    ...(second === '' ? {} : { environment: second }),
  });
  const [newest, other] = found;
  const where = second === '' ? first : `${first} in ${second}`;
  if (newest === undefined)
    return none(renderRefusal(`There is no deployment of ${where} that ${search.that}.`));
  if (other === undefined) return { ok: true, deployment: newest };
  if (search.several) return none(search.several(found));
  const choices = found
    .map(({ id, terms: { envelope } }) => `${id} (${envelope.version} to ${envelope.environment})`)
    .join(', ');
  return none(renderRefusal(`Which one? ${choices}.`, `Name it: /deploy ${search.usage}`));
}

/** What can go back: on its way or observed, else the newest that was handed over at the place (RB-7). */
export async function findToRollBack(context: CommandContext, text: string, usage: string): Promise<Found> {
  const search = { text, that: 'could be rolled back', usage };
  const found = await findDeployment(context, { ...search, statuses: CAN_ROLL_BACK });
  if (found.ok) return found;
  const over = await newestHandedOver(context, text);
  const [only, other] = over;
  if (only === undefined) return found;
  if (other === undefined) return { ok: true, deployment: only };
  const choices = over.map(
    ({ id, terms: { envelope } }) => `${id} (${envelope.version} in ${envelope.environment})`,
  );
  return none(renderRefusal(`Which one? ${choices.join(', ')}.`, `Name it: /deploy ${usage}`));
}

/** One of each environment that is meant. */
async function newestHandedOver(context: CommandContext, text: string): Promise<Deployment[]> {
  const [first = '', second] = wordsOf(text);
  const service = context.policy().services.get(first);
  const environments = service?.environments.filter((one) => second === undefined || one === second) ?? [];
  const newest = await Promise.all(
    environments.map((environment) =>
      context.stores.events.list({ service: first, environment, statuses: ['handed_over'], limit: 1 }),
    ),
  );
  return newest.flat().filter(mayBeTakenBack);
}

async function byId(context: CommandContext, id: string): Promise<Found> {
  const deployment = await context.stores.events.load(id);
  return deployment ? { ok: true, deployment } : none(renderUnknownName('deployment', id, { known: [] }));
}

const none = (answer: Answer): Found => ({ ok: false, answer });

export function unknownName(what: 'service' | 'environment', word: string, known: readonly string[]): Answer {
  const near = nearest(word, known);
  return renderUnknownName(what, word, { known, ...defined({ near }) });
}
