/** A backend and a metric source over a simulated world, in which every version behaves as its catalogue says. */

import { defined } from '../defined.ts';
import type { MetricsSource } from '../metrics/port.ts';
import { createSimulatedMetrics } from '../metrics/simulator.ts';
import type { SignalSource } from '../signals/port.ts';
import { type BackendStepKind, type StepOf, shareOf } from '../terms/plan.ts';
import type { FiredAlert, Signals } from '../terms/signals.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';
import { BackendError, type Commanded, type DeployBackend, type Observation, type Target } from './port.ts';
import { behaviourOf, type Catalogue, defaultCatalogue, releasesOf } from './simulator/catalogue.ts';
import { simulatedChanges } from './simulator/changes.ts';
import { type Command, type CommandRecord, openCommandLog } from './simulator/command-log.ts';
import type { Place } from './simulator/history.ts';
import { type Raised, simulatedSignals } from './simulator/signals.ts';
import { lastOf, segmentAt, servingSince, timelineOf } from './simulator/timeline.ts';

export { type Catalogue, defaultCatalogue } from './simulator/catalogue.ts';
export type { CommandRecord } from './simulator/command-log.ts';

/** How long the traffic needs to follow a command. */
const SETTLE: Duration = 2 * SECOND;

const SIMULATED_STEPS: ReadonlySet<BackendStepKind> = new Set([
  'set-weight',
  'stand-up',
  'batch',
  'replace',
  'retire-old',
]);

/** `from` … `to`, the end excluded. */
export interface Outage {
  from: Instant;
  to: Instant;
  /** The worse kind: a command is carried out, and only its answer is lost. */
  losesAnswers?: boolean;
  /** Calls are taken and never answered, until whoever called gives up. */
  hangs?: boolean;
}

export interface SimulatedWorldOptions {
  /** Same seed, same commands: same world. */
  seed: number;
  clock: Pick<Clock, 'now'>;
  catalogue?: Catalogue;
  /** Where the commands are kept; without it they end with the process. */
  file?: string;
  /** When the world began, for the build times of its releases. A file that exists already knows better. */
  startedAt?: Instant;
  outages?: readonly Outage[];
}

export interface SimulatedWorld {
  backend: DeployBackend;
  metrics: MetricsSource;
  signals: SignalSource;
  /** From now on this fires, or stands in the logs once. */
  raise(target: Target, signals: Partial<Signals>): void;
  /** Why nobody can say what fires; undefined where all is well again. */
  loseSignals(why: string | undefined): void;
  /** Everything it was told, in order, over all processes that shared its file. */
  commands(): CommandRecord[];
  setOutage(outage: Outage): void;
  /** What it accepted last for a target will not be carried out, and it says why; undefined where all is well again. */
  setProblem(target: Target, problem: string | undefined): void;
  close(): void;
}

export function createSimulatedWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const { seed, clock, catalogue = defaultCatalogue } = options;
  const log = openCommandLog(options.file ?? ':memory:', seed, options.startedAt ?? clock.now());
  const outages = [...(options.outages ?? [])];
  const problems = new Map<string, string>();
  const raised: Raised[] = [];
  let lost: string | undefined;

  const find = (target: Target): Place & { told: readonly CommandRecord[] } => {
    const service = catalogue[target.service];
    const place = service?.environments[target.environment];
    if (service === undefined || place === undefined) {
      throw refusal(`there is no ${target.service} in ${target.environment}`);
    }
    const told = log.commands(target);
    const timeline = timelineOf(place.running, told, SETTLE);
    return { service, perMinute: place.perMinute, timeline, told };
  };

  const outage = () => outages.find(({ from, to }) => from <= clock.now() && clock.now() < to);

  /** Whoever gives up is not answered any more; where it hangs, nobody is. */
  const answering = async (signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) throw unreachable();
    if (outage()?.hangs !== true) return;
    await new Promise<never>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(unreachable()), { once: true });
    });
  };

  const command = (target: Commanded, body: Command, key: string): void => {
    const out = outage();
    if (out !== undefined && out.losesAnswers !== true) throw unreachable();
    if (!log.has(key)) check(target, body, find(target));
    log.record(key, target, body, clock.now());
    if (out !== undefined) throw unreachable();
  };

  const backend: DeployBackend = {
    name: 'simulator',
    steps: SIMULATED_STEPS,
    async apply(change, step, key, signal) {
      await answering(signal);
      const { version, digest } = change;
      command(change, { kind: 'apply', version, digest, step }, key);
    },
    async rollback(change, to, key, signal) {
      await answering(signal);
      command(change, { kind: 'rollback', version: change.version, to }, key);
    },
    async observe(target, signal) {
      await answering(signal);
      if (outage() !== undefined) throw unreachable();
      const place = find(target);
      const problem = problems.get(placeKey(target)) ?? problemOf(place, clock.now());
      return { ...observed(place, place.told, clock.now()), ...defined({ problem }) };
    },
    async changes(target, from, to, signal) {
      await answering(signal);
      const { service } = find(target);
      const unknown = [from, to].find((one) => !service.releases.some(({ version }) => version === one));
      if (unknown !== undefined) throw refusal(`${target.service} has no version ${unknown}`);
      return simulatedChanges(service, from, to);
    },
    async versions(target, signal) {
      await answering(signal);
      return releasesOf(target.service, find(target).service, log.startedAt);
    },
  };

  return {
    backend,
    metrics: createSimulatedMetrics({ seed, now: () => clock.now(), find }),
    signals: simulatedSignals(raised, {
      away: () => lost,
      firing: (target, version, at) => firingAt(find(target), version, at),
    }),
    raise: (target, signals) => void raised.push({ ...signals, target, at: clock.now() }),
    loseSignals(why) {
      lost = why;
    },
    commands: () => log.commands(),
    setOutage: (added) => void outages.push(added),
    setProblem(target, problem) {
      if (problem === undefined) problems.delete(placeKey(target));
      else problems.set(placeKey(target), problem);
    },
    close: () => log.close(),
  };
}

/** What monitoring would fire of a version that has traffic. */
function firingAt({ service, timeline }: Place, version: string, at: Instant): FiredAlert[] {
  const alert = behaviourOf(service, version).alert;
  const since = servingSince(timeline, version, at);
  if (alert === undefined || since === undefined || at - since < alert.after) return [];
  const { name, says, critical, after } = alert;
  return [{ id: `${name} ${version}`, name, says, critical, at: since + after }];
}

function placeKey({ service, environment }: Target): string {
  return `${service} ${environment}`;
}

function observed(place: Place, told: readonly CommandRecord[], at: Instant): Observation {
  const { stable, canary, weight, beside } = segmentAt(place.timeline, at);
  const standby = beside === stable || beside === canary || !comesUp(place, beside) ? null : beside;
  const health = healthOf(place, canary ?? stable, at);
  const digests = digestsOf([stable, canary, standby], told);
  return { at, stable, canary, standby, weight, health, digests };
}

/** A version whose health check never passes does not come up; one that fails later does. */
const comesUp = ({ service }: Place, version: string | null): boolean =>
  version !== null && behaviourOf(service, version).healthFailsAfter !== 0;

function problemOf(place: Place, at: Instant): string | undefined {
  const { beside } = segmentAt(place.timeline, at);
  return beside === null || comesUp(place, beside) ? undefined : `${beside} does not pass its health check`;
}

/** Of what runs because it was told to: the digest that it was told. Of what ran before, nothing is known. */
function digestsOf(
  running: readonly (string | null)[],
  told: readonly CommandRecord[],
): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const { command } of told) {
    if (command.kind === 'apply' && running.includes(command.version))
      digests[command.version] = command.digest;
  }
  return digests;
}

function healthOf({ service, timeline }: Place, newest: string | null, at: Instant): Observation['health'] {
  if (newest === null) return 'unknown';
  const failsAfter = behaviourOf(service, newest).healthFailsAfter;
  const since = servingSince(timeline, newest, at);
  if (failsAfter !== undefined && since !== undefined && at - since >= failsAfter) return 'failing';
  // A version on its way in is not checked before it has traffic, and soon it is the newest.
  const { stable, canary } = lastOf(timeline);
  const coming = canary ?? stable;
  return coming === null || servingSince(timeline, coming, at) === undefined ? 'unknown' : 'passing';
}

/** Throws where the world could never do what it is told. */
function check(target: Target, command: Command, place: Place): void {
  const named = command.kind === 'apply' ? command.version : command.to;
  if (named !== null && !place.service.releases.some(({ version }) => version === named)) {
    throw refusal(`${target.service} has no version ${named}`);
  }
  if (command.kind === 'rollback') return;
  const { step } = command;
  const percent = shareOf(step);
  if (step.kind === 'batch') checkPart(step);
  if (percent === undefined) return;
  if (!(percent >= 0 && percent <= 100)) throw refusal(`${percent} % is no share of the traffic`);
  if (percent < 100 && lastOf(place.timeline).stable === command.version) {
    throw refusal(`${command.version} has all the traffic of ${target.service} already`);
  }
}

function checkPart({ number, of, keep = 0 }: StepOf<'batch'>): void {
  if (number > of) throw refusal(`there is no part ${number} of ${of}`);
  const left = 100 - 100 / of;
  if (left < keep) throw refusal(`${Math.floor(left)} % would stay in service, and ${keep} % must`);
}

function refusal(problem: string): BackendError {
  return new BackendError(`simulator: ${problem}`, { final: true });
}

function unreachable(): BackendError {
  return new BackendError('simulator: the backend does not answer', { final: false });
}
