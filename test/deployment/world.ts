/** Runs intents through decide, evolve and react at a pretended instant, and keeps all that came of it. */

import type { Observation } from '../../src/backends/port.ts';
import { defined } from '../../src/defined.ts';
import { decide } from '../../src/deployment/decide.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Effect } from '../../src/deployment/effects.ts';
import type { DeploymentEvent, EventBody } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Actor, Decision, Facts, Intent } from '../../src/deployment/intents.ts';
import { nextWake, questions } from '../../src/deployment/next-wake.ts';
import { react } from '../../src/deployment/react.ts';
import { expectedWeight } from '../../src/deployment/rollout/progress.ts';
import type { Reading } from '../../src/judge/types.ts';
import type { ArtifactRefusal } from '../../src/policy/artifacts.ts';
import type { Calendar } from '../../src/policy/calendar/blockers.ts';
import type { GateReport } from '../../src/policy/gates.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import type { Duration, Instant } from '../../src/time.ts';
import {
  backend,
  changeRequest,
  clock,
  dana,
  eventOf,
  facts,
  gateReport,
  type IntentOf,
  judge,
  observation,
  omar,
  PAUL,
  person,
  type RequestChange,
  reading,
  request,
  ruth,
  sana,
  T0,
  tom,
} from './builders.ts';
import { readBack } from './read-back.ts';

/** An effect with the state that its event left. */
export interface Done {
  event: DeploymentEvent;
  after: Deployment;
  effects: Effect[];
  /** Those of one decision have the same. */
  commit: number;
}

export class World {
  now: Instant = T0;
  state: Deployment | undefined;
  done: Done[] = [];
  /** What machines have said so far, of whatever commit. */
  reports: GateReport[] = [];
  /** Unset where nobody asks the calendar. */
  calendar: Calendar | undefined;
  /** Other builds of its version that were refused so far. */
  refusals: ArtifactRefusal[] = [];

  get d(): Deployment {
    if (this.state === undefined) throw new Error('nothing was requested yet');
    return this.state;
  }

  get events(): DeploymentEvent[] {
    return this.done.map(({ event }) => event);
  }

  /** As it is now, to go on by itself. */
  copy(): World {
    return Object.assign(new World(), this, {
      done: [...this.done],
      reports: [...this.reports],
      refusals: [...this.refusals],
    });
  }

  /** Only asks: nothing comes of it. */
  ask(intent: Intent, actor: Actor, change: Partial<Facts> = {}): Decision {
    const { now, reports, calendar, refusals } = this;
    const artifact = refusals.length === 0 ? undefined : { refusals };
    return decide(
      this.state,
      intent,
      facts(actor, { now, reports, ...defined({ calendar, artifact }), ...change }),
    );
  }

  /** Asks, and records what comes of it, as the conductor does. */
  tell(intent: Intent, actor: Actor, change: Partial<Facts> = {}): Decision {
    const decision = this.ask(intent, actor, change);
    if (decision.kind === 'accepted') this.record(decision.events, actor);
    if (decision.kind === 'refused' && decision.remark && this.state) this.record([decision.remark], actor);
    return decision;
  }

  private record(bodies: readonly EventBody[], actor: Actor): void {
    const commit = (this.done.at(-1)?.commit ?? 0) + 1;
    for (const body of bodies) {
      const event = eventOf(body, { seq: (this.state?.seq ?? 0) + 1, at: this.now, actor });
      this.state = readBack(evolve(this.state, event));
      this.done.push({ event, after: this.state, effects: react(this.state, event), commit });
    }
  }

  pass(time: Duration): this {
    this.now += time;
    return this;
  }

  observe(change: Partial<Observation> = {}): Decision {
    return this.tell(observed(this.now, change), backend);
  }

  /** The backend shows the new version with its expected share, or another one. */
  shift(weight = expectedWeight(this.d), change: Partial<Observation> = {}): Decision {
    const { version } = this.d.terms.envelope;
    const whole = weight === 100 ? { stable: version } : { stable: this.d.previous, canary: version, weight };
    return this.observe({ ...whole, ...change });
  }

  /** One look at the window that is due; a healthy one unless told otherwise. */
  look(canary: Parameters<typeof reading>[2] | { noData: string } = {}): Decision {
    const window = questions(this.d, this.now).find(({ ask }) => ask === 'metrics');
    if (window?.ask !== 'metrics') throw new Error(`${this.d.status} has no window to look at`);
    const { from, to } = window;
    const read: Reading = 'noData' in canary ? { from, to, ...canary } : reading(from, to, canary);
    return this.tell({ kind: 'measured', reading: read }, judge);
  }

  wake(): Decision {
    return this.tell({ kind: 'wake' }, clock);
  }

  /** Lets the time pass until the next look is due, and looks. */
  nextLook(canary: Parameters<World['look']>[0] = {}): Decision {
    this.now = Math.max(this.now, nextWake(this.d) ?? this.now);
    return this.look(canary);
  }

  sign(actor: Actor, change: Partial<IntentOf<'sign'>> = {}): Decision {
    const { envelopeHash } = this.d;
    return this.tell({ kind: 'sign', decision: 'go', envelopeHash, ...change }, actor);
  }

  /** Machines report to us, and the deployment looks. */
  report(...reports: GateReport[]): Decision {
    this.reports.push(...reports);
    return this.wake();
  }

  /** The lead ticks an item, or takes the tick back; of the roles that it asks, each by somebody else. */
  tick(id: string, ticked = true): void {
    const item = this.d.terms.requirements.checklist.find((one) => one.id === id);
    for (const [index, { role }] of (item?.roles ?? [{ role: undefined }]).entries()) {
      const wish = { item: id, ticked, ...defined({ role }) };
      const who = index === 0 ? this.tickerOf(role) : { id: `U0${index}`, name: `${role}` };
      this.tell({ kind: 'tick', items: [wish] }, person(who, ...(role === undefined ? [] : [role])));
    }
  }

  /** Its lead, but where a role is asked and they asked for the deployment: their own tick stands for nobody's. */
  private tickerOf(role: string | undefined): PersonRef {
    const {
      requestedBy,
      terms: { details },
    } = this.d;
    return role !== undefined && details.lead.id === requestedBy.id ? PAUL : details.lead;
  }

  /** All that it asks for besides sign-offs: good reports, every item ticked, the change request. */
  complete(): void {
    const { requirements, envelope } = this.d.terms;
    if (requirements === undefined) return;
    const { gates, checklist } = requirements;
    this.report(...gates.map((gate) => gateReport(gate, { sha: envelope.sha, at: this.now })));
    for (const { id } of checklist) this.tick(id);
    if (requirements.changeRequest)
      this.tell(
        { kind: 'write_change_request', request: changeRequest() },
        person(this.d.terms.details.lead),
      );
  }
}

export function observed(at: Instant, change: Partial<Observation> = {}): IntentOf<'observed'> {
  return { kind: 'observed', observation: observation({ at, ...change }) };
}

/** A deployment on its way, as far as asked for; every step is a real decision. */
export type Point =
  | 'preparing'
  | 'scheduled'
  | 'shifting'
  | 'watching'
  | 'held shifting'
  | 'held watching'
  | 'held verifying'
  | 'verifying'
  | 'observing'
  | 'handed_over'
  | 'rolling_back'
  | 'rolled_back'
  | 'failed'
  | 'rejected'
  | 'expired'
  | 'cancelled';

export function worldAt(point: Point, change: RequestChange = {}): World {
  const world = new World();
  world.tell(request(change), ruth);
  ROUTES[point](world);
  return world;
}

const ROUTES: Record<Point, (w: World) => void> = {
  preparing: () => {},
  scheduled: (w) => {
    w.sign(tom);
    w.sign(sana);
  },
  shifting: (w) => {
    ROUTES.scheduled(w);
    w.observe();
  },
  watching: (w) => {
    ROUTES.shifting(w);
    w.pass(1000).shift();
  },
  'held shifting': (w) => hold(w, 'shifting'),
  'held watching': (w) => hold(w, 'watching'),
  'held verifying': (w) => hold(w, 'verifying'),
  verifying: (w) => {
    ROUTES.watching(w);
    w.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana);
    w.pass(1000).shift();
    w.tell({ kind: 'promote', stage: 2, reason: 'It looks well.' }, dana);
    w.pass(1000).shift();
  },
  observing: (w) => {
    ROUTES.verifying(w);
    w.pass(1000).shift();
  },
  handed_over: (w) => {
    ROUTES.observing(w);
    w.tell({ kind: 'hand_over' }, dana);
  },
  rolling_back: (w) => {
    ROUTES.watching(w);
    w.tell({ kind: 'roll_back', why: 'errors' }, omar);
  },
  rolled_back: (w) => {
    ROUTES.rolling_back(w);
    w.pass(1000).observe();
  },
  failed: (w) => {
    ROUTES.rolling_back(w);
    w.tell({ kind: 'backend_refused', doing: 'roll_back', message: 'no such version' }, backend);
  },
  rejected: (w) => {
    w.sign(sana, { decision: 'no_go', reason: 'CVE open' });
  },
  expired: (w) => {
    w.pass(7 * 24 * 3_600_000).wake();
  },
  cancelled: (w) => {
    w.tell({ kind: 'cancel' }, ruth);
  },
};

function hold(w: World, at: Point): void {
  ROUTES[at](w);
  w.tell({ kind: 'hold', reason: 'looking' }, dana);
}
