/** Runs the smoke tests that are GoNoGo's own: over HTTP, a few beside each other, all of them within their time (SM-1). */

import { defined } from '../defined.ts';
import type { SmokeResult } from '../policy/smoke.ts';
import type { SmokeRequest, SmokeTerms, SmokeTest } from '../terms/smoke.ts';
import { SECOND } from '../time.ts';
import { Forbidden } from './addresses.ts';
import { createHttpClient, Failed, type HttpClient } from './client.ts';
import { type Answer, bodyOf, Cookies, filled, inPath, keptFrom, NotTried } from './values.ts';

export interface SmokeRun {
  terms: SmokeTerms;
  tests: readonly SmokeTest[];
  /** Only to the new version, because the old one has traffic as well. */
  toArm: boolean;
  version: string;
}

export interface RunnerContext {
  /** What a reference holds now; throws where there is nothing. */
  secret(reference: string): string;
  /** Milliseconds that only ever grow: how long requests take is real time, whatever the clock of the record does. */
  now?(): number;
}

const BESIDE_EACH_OTHER = 4;

/** Never rejects for what a target does: that is a result. A critical test that fails is tried once more at once (SM-2). */
export async function runSmokeTests(
  run: SmokeRun,
  context: RunnerContext,
  signal?: AbortSignal,
): Promise<SmokeResult[]> {
  const client = createHttpClient(run.terms.hosts);
  const late = AbortSignal.timeout(run.terms.within);
  const until = signal === undefined ? late : AbortSignal.any([late, signal]);
  const results = new Map<string, SmokeResult>();
  const waiting = [...run.tests];
  const work = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      results.set(test.id, await tested(test, { run, context, client, until }));
    }
  };
  try {
    await Promise.all(Array.from({ length: BESIDE_EACH_OTHER }, work));
  } finally {
    await client.close();
  }
  return run.tests.flatMap(({ id }) => results.get(id) ?? []);
}

interface Trying {
  run: SmokeRun;
  context: RunnerContext;
  client: HttpClient;
  /** When all of them must be over. */
  until: AbortSignal;
}

async function tested(test: SmokeTest, trying: Trying): Promise<SmokeResult> {
  const first = await tried(test, trying);
  if (!test.critical || first.outcome !== 'failed' || trying.until.aborted) return first;
  return { ...(await tried(test, trying)), repeated: true };
}

async function tried(test: SmokeTest, trying: Trying): Promise<SmokeResult> {
  const now = trying.context.now ?? (() => performance.now());
  const began = now();
  const took = () => Math.round(now() - began);
  try {
    await follow(test, trying);
    return { test: test.id, outcome: 'passed', took: took() };
  } catch (error) {
    if (error instanceof Failed)
      return { test: test.id, outcome: 'failed', problem: error.message, took: took() };
    if (error instanceof NotTried || error instanceof Forbidden)
      return { test: test.id, outcome: 'unknown', problem: error.message };
    if (trying.until.aborted)
      return {
        test: test.id,
        outcome: 'unknown',
        problem: `not over within ${trying.run.terms.within / SECOND} s in all`,
      };
    throw error;
  }
}

/** The requests in their order; each may use what the ones before it have kept. */
async function follow(test: SmokeTest, trying: Trying): Promise<void> {
  const { run, client, until } = trying;
  const values = valuesFor(test, trying);
  const cookies = new Cookies();
  for (const [index, step] of test.requests.entries()) {
    const where = test.requests.length === 1 ? '' : `request ${index + 1}: `;
    const late = AbortSignal.timeout(step.expect.within);
    try {
      const answer = await client.send(asked(step, run, values), cookies, AbortSignal.any([late, until]));
      check(step, answer, values);
      for (const [name, from] of Object.entries(step.keep)) {
        const kept = keptFrom(from, answer);
        if (kept === undefined) throw new Failed(`the answer has no ${name}`);
        values.set(name, kept);
      }
    } catch (error) {
      if (late.aborted && !until.aborted)
        throw new Failed(`${where}no answer within ${step.expect.within / SECOND} s`);
      throw error instanceof Failed ? new Failed(`${where}${error.message}`, { cause: error }) : error;
    }
  }
}

function valuesFor(test: SmokeTest, { run, context }: Trying): Map<string, string> {
  const values = new Map([['version', run.version]]);
  const text = JSON.stringify(test.requests);
  for (const [name, reference] of Object.entries(run.terms.secrets)) {
    // What a test does not use need not be there for it.
    if (!text.includes(`{{${name}}}`)) continue;
    try {
      values.set(name, context.secret(reference));
    } catch (error) {
      throw new NotTried(`the secret ${name} is not there`, { cause: error });
    }
  }
  return values;
}

function asked(step: SmokeRequest, { terms, toArm }: SmokeRun, values: ReadonlyMap<string, string>) {
  const base = (toArm ? terms.arm?.base : undefined) ?? terms.base;
  const path = filled(step.path, values, inPath);
  if (base === undefined) throw new NotTried('the policy does not say where it answers');
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
  const headers = { ...(toArm ? terms.arm?.headers : {}), ...step.headers };
  const body = step.body === undefined ? undefined : bodyOf(step.body, values);
  return {
    url,
    method: step.method,
    expected: step.expect.status,
    headers: {
      'user-agent': 'gonogo-smoke',
      ...defined({ 'content-type': body?.type }),
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, values)]),
      ),
    },
    ...defined({ body: body?.text }),
  };
}

/** What was answered is nobody's to read: it may hold what was sent. */
function check({ expect }: SmokeRequest, answer: Answer, values: ReadonlyMap<string, string>): void {
  if (!expect.status.includes(answer.status))
    throw new Failed(`it answers ${answer.status} instead of ${expect.status.join(' or ')}`);
  for (const [name, wanted] of Object.entries(expect.headers)) {
    if (answer.headers[name.toLowerCase()] !== filled(wanted, values))
      throw new Failed(`its header ${name} is not what it should be`);
  }
  if (expect.contains !== undefined && !answer.text.includes(filled(expect.contains, values)))
    throw new Failed('its answer does not contain what it should');
}
