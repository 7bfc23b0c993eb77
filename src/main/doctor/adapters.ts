/** Whether what deploys, measures and tells of alerts answers, for each place that the services name. */

import type { Finding } from '../../adapters/finding.ts';
import type { Variables } from '../../adapters/secrets.ts';
import type { Change, Target } from '../../backends/port.ts';
import { within } from '../../conductor/deadline.ts';
import { messageOf } from '../../message-of.ts';
import type { Notifier } from '../../notifiers/port.ts';
import type { AdapterInstance, Policy, ServicePolicy } from '../../policy/policy.ts';
import { type Duration, MINUTE, SECOND } from '../../time.ts';
import { undeclared } from '../adapters.ts';
import { type OpenAdapter, visitAdapters } from '../try-adapters.ts';
import { fails, type Row, works } from './row.ts';

/** What is asked about a place. */
type Placed = Exclude<OpenAdapter, { list: 'notifiers' }>;

const ANSWERS_WITHIN: Duration = 30 * SECOND;

export async function tryPlaces(policy: Policy, variables: Variables): Promise<Row[]> {
  const rows: Row[] = undeclared(policy).map((problem) => ({
    part: 'policy',
    place: 'services',
    what: 'what deploys and measures',
    ...fails(problem, 'gonogo start does not take it; see docs/backends/'),
  }));
  await visitAdapters(policy, variables, async (list, instance, opened) => {
    const row = { part: list, place: `${list}.${instance.name}` };
    if ('problem' in opened) {
      const remedy = `correct ${row.place}, and see that its secrets are set where GoNoGo runs`;
      rows.push({ ...row, what: `open it (${instance.kind})`, ...fails(opened.problem, remedy) });
      return;
    }
    const targets = targetsOf(policy, list, instance);
    if (targets.length === 0) {
      const remedy = 'name it in a service, or take it out';
      rows.push({
        ...row,
        what: `open it (${instance.kind})`,
        result: 'not_tried',
        says: 'no service names it',
        remedy,
      });
    }
    if (opened.list === 'notifiers') {
      if (targets.length > 0) rows.push(...(await tryCalling(row, opened.adapter)));
      return;
    }
    for (const target of targets) rows.push(...(await tryPlace(row, instance, opened, target)));
  });
  return rows;
}

function targetsOf(policy: Policy, list: OpenAdapter['list'], { name }: AdapterInstance): Target[] {
  const names: Record<OpenAdapter['list'], (service: ServicePolicy) => boolean> = {
    backends: ({ backend }) => backend === name,
    metrics: ({ metrics }) => metrics === name,
    signals: ({ signals }) => signals.includes(name),
    notifiers: ({ notifiers }) => notifiers.includes(name),
  };
  return [...policy.services.values()]
    .filter(names[list])
    .flatMap(({ name: service, environments }) =>
      environments.map((environment) => ({ service, environment })),
    );
}

/** Nobody is woken for it. */
async function tryCalling(row: Pick<Row, 'part' | 'place'>, { check }: Notifier): Promise<Row[]> {
  const remedy = `correct ${row.place}`;
  try {
    const findings = await within(ANSWERS_WITHIN, row.place, async (signal) => (await check?.(signal)) ?? []);
    return findings.map((finding) => foundOf(row, finding.what, finding, remedy));
  } catch (error) {
    return [{ ...row, what: 'reach it', ...fails(messageOf(error), remedy) }];
  }
}

function foundOf(
  row: Pick<Row, 'part' | 'place'>,
  what: string,
  { ok, problem, remedy: own }: Finding,
  remedy: string,
): Row {
  return { ...row, what, ...(ok ? works() : fails(problem ?? 'it does not work', own ?? remedy)) };
}

async function tryPlace(
  row: Pick<Row, 'part' | 'place'>,
  { kind }: AdapterInstance,
  opened: Placed,
  target: Target,
): Promise<Row[]> {
  const where = `${target.service} in ${target.environment}`;
  const remedy = `correct ${row.place} for ${where}`;
  try {
    const findings = await within(ANSWERS_WITHIN, row.place, (signal) =>
      findingsOf(opened, kind, target, signal),
    );
    return findings.map((finding) => foundOf(row, `${where}: ${finding.what}`, finding, remedy));
  } catch (error) {
    return [{ ...row, what: where, ...fails(messageOf(error), remedy) }];
  }
}

/** What has no check of its own is asked as a look would ask: that it answers is what counts, "no data" too. */
async function findingsOf(
  opened: Placed,
  kind: string,
  target: Target,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (kind === 'simulator') return [{ what: 'simulated: nothing real is there', ok: true }];
  const { adapter } = opened;
  if ('check' in adapter && adapter.check !== undefined) return adapter.check(target, signal);
  if (opened.list === 'backends') {
    await opened.adapter.observe(target, signal);
    return [{ what: 'says what runs', ok: true }];
  }
  const now = Date.now();
  await opened.adapter.read(nothingOf(target), now - 5 * MINUTE, now, signal);
  return [{ what: 'answers a query', ok: true }];
}

/** A version that nobody has built. */
function nothingOf(target: Target): Change {
  return {
    ...target,
    version: 'v0.0.0',
    sha: '0'.repeat(40),
    digest: `sha256:${'0'.repeat(64)}`,
    previous: null,
  };
}
