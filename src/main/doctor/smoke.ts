/** Whether smoke tests could be made: the addresses answer from here, and their secrets are there. */

import { readSecret, secretRef, type Variables } from '../../adapters/secrets.ts';
import { messageOf } from '../../message-of.ts';
import type { Policy } from '../../policy/policy.ts';
import { Forbidden } from '../../smoke/addresses.ts';
import { createHttpClient } from '../../smoke/client.ts';
import { Cookies } from '../../smoke/values.ts';
import type { SmokeTerms } from '../../terms/smoke.ts';
import { SECOND } from '../../time.ts';
import { fails, type Row, type Tried, works } from './row.ts';

const ANSWERS_WITHIN = 10 * SECOND;

export async function trySmoke(policy: Policy, variables: Variables): Promise<Row[]> {
  const all = [...policy.services.values()].flatMap(({ name, smoke }) =>
    [...smoke].map(([environment, terms]) => ({ place: `services.${name}.smoke, ${environment}`, terms })),
  );
  const rows = await Promise.all(all.map(({ place, terms }) => tryTerms(place, terms, variables)));
  return rows.flat();
}

async function tryTerms(place: string, terms: SmokeTerms, variables: Variables): Promise<Row[]> {
  const bases = [...new Set([terms.base, terms.arm?.base])].filter((base) => base !== undefined);
  const reached = bases.map(async (base) => ({
    part: 'smoke',
    place,
    what: base,
    ...(await reach(base, terms)),
  }));
  const secrets = Object.values(terms.secrets).map((reference) => ({
    part: 'smoke',
    place,
    what: reference,
    ...secretThere(reference, variables),
  }));
  return [...(await Promise.all(reached)), ...secrets];
}

/** Any answer is one: what it should be is for the tests to say. */
async function reach(base: string, terms: SmokeTerms): Promise<Tried> {
  const client = createHttpClient(terms.hosts);
  try {
    const asked = {
      url: new URL(base),
      method: 'GET',
      headers: { 'user-agent': 'gonogo-smoke' },
      expected: [301, 302, 303, 307, 308],
    };
    const { status } = await client.send(asked, new Cookies(), AbortSignal.timeout(ANSWERS_WITHIN));
    return works(`answers ${status}`);
  } catch (error) {
    if (error instanceof Forbidden)
      return fails(error.message, 'name the host in smoke.hosts, and say there where it is private');
    return fails(messageOf(error), 'see its address and whether this machine reaches it');
  } finally {
    await client.close();
  }
}

function secretThere(reference: string, variables: Variables): Tried {
  try {
    readSecret(secretRef.parse(reference), variables);
    return works();
  } catch (error) {
    return fails(messageOf(error), 'set it where GoNoGo runs');
  }
}
