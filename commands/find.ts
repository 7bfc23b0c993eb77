/** Which deployment a person means by `checkout`, `checkout production` or `D-1042`. */

import { nearest } from '../src/config/nearest.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import type { Room } from './room.ts';

export type Found = { ok: true; deployment: Deployment } | { ok: false; message: string };

export interface Search {
  /** What the person typed after the sub-command. */
  text: string;
  /** Only deployments in these statuses are meant. */
  statuses: ReadonlySet<Status>;
  /** For "no deployment of checkout …": "can be rolled back". */
  that: string;
  usage: string;
}

export async function findDeployment(room: Room, search: Search): Promise<Found> {
  const [first = '', second = ''] = search.text
    .toLowerCase()
    .replace(/\b(in|to)\b/g, ' ')
    .trim()
    .split(/\s+/);
  if (first === '') return { ok: false, message: `Name a service or a deployment: \`${search.usage}\`.` };
  if (/^d-\d+$/i.test(first)) return byId(room, first.toUpperCase());
  const service = room.policy().services.get(first);
  if (service === undefined) return { ok: false, message: noService(room, first) };
  if (second !== '' && !service.environments.includes(second)) {
    return {
      ok: false,
      message: `${first} has no environment "${second}". It is deployed to ${service.environments.join(', ')}.`,
    };
  }
  const found = await room.stores.events.list({
    service: first,
    statuses: search.statuses,
    limit: 5,
    ...(second === '' ? {} : { environment: second }),
  });
  const [newest, other] = found;
  const where = second === '' ? first : `${first} in ${second}`;
  if (newest === undefined)
    return { ok: false, message: `There is no deployment of ${where} that ${search.that}.` };
  if (other === undefined) return { ok: true, deployment: newest };
  const choices = found
    .map(({ id, envelope }) => `${id} (${envelope.version} to ${envelope.environment})`)
    .join(', ');
  return { ok: false, message: `Which one? ${choices}. Name it: \`${search.usage}\`.` };
}

async function byId(room: Room, id: string): Promise<Found> {
  const deployment = await room.stores.events.load(id);
  return deployment
    ? { ok: true, deployment }
    : { ok: false, message: `There is no deployment ${id}. \`/deploy list\` shows those there are.` };
}

export function noService(room: Room, word: string): string {
  const known = [...room.policy().services.keys()];
  const near = nearest(word, known);
  const plain = word.replace(/[`<>&]/g, '').slice(0, 60);
  return near === undefined
    ? `No service "${plain}". There are: ${known.join(', ')}.`
    : `No service "${plain}". Did you mean ${near}?`;
}
