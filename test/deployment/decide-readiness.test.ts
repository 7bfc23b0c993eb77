/** What a gate, an item and a tick are worth, and what follows when one comes, goes, or gets too old. */

import { describe, expect, it } from 'vitest';
import { defined } from '../../src/defined.ts';
import { decide } from '../../src/deployment/decide.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EventBody } from '../../src/deployment/events.ts';
import type { Actor, Facts } from '../../src/deployment/intents.ts';
import { newsOf, ticksOpenTo, withReadiness } from '../../src/deployment/readiness/decide-readiness.ts';
import {
  evidenceExpired,
  itemState,
  judgeReports,
  missingBefore,
  openItems,
} from '../../src/deployment/readiness/readiness.ts';
import type { GateResult } from '../../src/deployment/readiness/state.ts';
import type { Artifact } from '../../src/policy/artifacts.ts';
import type { GateReport } from '../../src/policy/gates.ts';
import { DAY, HOUR, MINUTE, moment } from '../../src/time.ts';
import {
  changeRequest,
  clock,
  dana,
  envelope,
  facts,
  inShort,
  omar,
  PAUL,
  person,
  request,
  sana,
  T0,
  TECH_LEAD,
  TOM,
  tom,
} from './builders.ts';
import { gate, item, needs, type Otherwise, report, tick, waitingFor } from './readiness-builders.ts';
import { worldAt } from './world.ts';

const passed = (id: string, more: Partial<GateResult> = {}): Record<string, GateResult> => ({
  [id]: { report: report(id), passed: true, says: 'passed', ...more },
});
const failed = (id: string): Record<string, GateResult> => passed(id, { passed: false, says: 'failed' });

type Person = Extract<Actor, { kind: 'person' }>;

function aPerson(actor: Actor): Person {
  if (actor.kind !== 'person') throw new Error(`${actor.name} is nobody`);
  return actor;
}

function withoutCommit({ sha: _, ...rest }: ReturnType<typeof report>): ReturnType<typeof report> {
  return rest;
}

describe('the state of an item', () => {
  const byGate = item('scanned', { evidence: { kind: 'gate', gate: 'scan' } });
  const ofTwo = item('ready', {
    roles: [
      { role: 'operations', name: 'Operations' },
      { role: 'security', name: 'Security' },
    ],
  });
  const bothWays = { ...ofTwo, evidence: byGate.evidence } as typeof ofTwo;
  const signed = item('approved', { evidence: { kind: 'sign_off', role: 'tech_lead' } });
  const ticked = (role?: string, more = {}) => [tick('ready', { ...(role ? { role } : {}), ...more })];

  it.each<[string, ReturnType<typeof item>, Otherwise, string]>([
    ['nobody ticked it', item('notes'), {}, 'missing'],
    ['a person ticked it', item('notes'), { evidence: { ticks: [tick('notes')] } }, 'done'],
    ['somebody ticked another one', item('notes'), { evidence: { ticks: [tick('plan')] } }, 'missing'],
    [
      'its tick is too old',
      item('notes'),
      { evidence: { ticks: [tick('notes', { expired: true })] } },
      'expired',
    ],
    ['its gate has passed', byGate, { evidence: { gates: passed('scan') } }, 'done'],
    ['its gate has failed', byGate, { evidence: { gates: failed('scan') } }, 'failed'],
    ['its gate is too old', byGate, { evidence: { gates: passed('scan', { expired: true }) } }, 'expired'],
    [
      'its gate is silent, and a person ticked it',
      byGate,
      { evidence: { ticks: [tick('scanned')] } },
      'done',
    ],
    [
      'its gate is too old, and a person ticked it',
      byGate,
      { evidence: { gates: passed('scan', { expired: true }), ticks: [tick('scanned')] } },
      'done',
    ],
    [
      'its gate has failed, and a person ticked it all the same',
      byGate,
      { evidence: { gates: failed('scan'), ticks: [tick('scanned')] } },
      'failed',
    ],
    ['one of its two roles ticked', ofTwo, { evidence: { ticks: ticked('operations') } }, 'missing'],
    [
      'both roles ticked',
      ofTwo,
      { evidence: { ticks: [...ticked('operations'), ...ticked('security')] } },
      'done',
    ],
    [
      'both ticked and one is too old',
      ofTwo,
      { evidence: { ticks: [...ticked('operations'), ...ticked('security', { expired: true })] } },
      'expired',
    ],
    [
      'its gate has passed and its roles have not ticked',
      bothWays,
      { evidence: { gates: passed('scan') } },
      'missing',
    ],
    ['the role it waits for has not said go', signed, { required: [TECH_LEAD] }, 'missing'],
    ['somebody is on call', item('named', { evidence: { kind: 'on_call' } }), {}, 'done'],
  ])('GT-5: where %s', (_, one, more, state) => {
    expect(itemState(waitingFor({ checklist: [one] }, more), one).state).toBe(state);
  });
});

describe('GT-5: an item that speaks of what comes after the rollout', () => {
  const stable = item('stable', { before: 'hand_over', after: DAY });
  const works = item('works', { before: 'hand_over', after: 0 });
  const at = (completedAt: number | undefined, ...ids: string[]) => {
    const d = waitingFor({ checklist: [stable, works] }, { status: 'observing' });
    const rollout = { ...worldAt('observing').d.rollout, completedAt } as Deployment['rollout'];
    const items = ids.map((id) => ({ item: id, ticked: true }));
    return decide({ ...d, ...defined({ rollout }) }, { kind: 'tick', items }, facts(tom));
  };

  it.each<[string, number | undefined, string, string]>([
    ['before all traffic has moved', undefined, 'works', 'refused too_early'],
    ['once it has', T0, 'works', 'accepted item_ticked'],
    ['a day of which a minute is missing', T0 - DAY + MINUTE, 'stable', 'refused too_early'],
    ['a whole day later', T0 - DAY, 'stable', 'accepted item_ticked'],
  ])('%s', (_when, completedAt, id, says) => expect(inShort(at(completedAt, id))).toBe(says));

  it.each<[string, number | undefined, number, boolean, string]>([
    ['measured before all traffic had moved', T0, T0 - 1, true, 'missing'],
    ['measured while it still moves', undefined, T0, true, 'missing'],
    ['measured once it has, and not a day later', T0, T0 + DAY - 1, true, 'missing'],
    ['measured a whole day later', T0, T0 + DAY, true, 'done'],
    ['that failed before', T0, T0 - 1, false, 'failed'],
  ])('GT-5: a gate %s: %s', (_when, completedAt, measured, isPassed, state) => {
    const scanned = item('scanned', {
      before: 'hand_over',
      after: DAY,
      evidence: { kind: 'gate', gate: 'scan' },
    });
    const report = {
      gate: 'scan',
      status: isPassed ? ('passed' as const) : ('failed' as const),
      at: measured,
      by: 'ci',
    };
    const gates = { scan: { report, passed: isPassed, says: report.status } };
    const d = waitingFor({ checklist: [scanned] }, { status: 'observing', evidence: { gates } });
    const rollout = { ...worldAt('observing').d.rollout, completedAt } as Deployment['rollout'];
    const there = { ...d, ...defined({ rollout }) };
    expect(itemState(there, scanned).state).toBe(state);
    expect(openItems(there, 'hand_over').length).toBe(state === 'done' ? 0 : 1);
  });

  it('is refused with the time from which it can be ticked, and offered to nobody before', () => {
    expect(at(T0, 'stable')).toMatchObject({ message: expect.stringContaining(moment(T0 + DAY)) });
    expect(at(undefined, 'stable')).toMatchObject({
      message: expect.stringContaining('once all traffic has moved and 24 h have passed'),
    });
    const early = waitingFor({ checklist: [works] });
    expect(tom.kind === 'person' && ticksOpenTo(early, works, tom, T0 + 9 * DAY)).toEqual([]);
  });
});

describe('ticking', () => {
  const notes = item('notes');
  const later = item('known_issues', { before: 'hand_over' });
  const ofOps = item('briefed', { roles: [{ role: 'operations', name: 'Operations' }] });
  const d = (more: Otherwise = {}): Deployment => waitingFor({ checklist: [notes, later, ofOps] }, more);
  const decided = (
    state: Deployment,
    actor: Actor,
    ...items: { item: string; ticked: boolean; role?: string }[]
  ) => inShort(decide(state, { kind: 'tick', items }, facts(actor)));
  const on = (id: string) => ({ item: id, ticked: true });
  const off = (id: string) => ({ item: id, ticked: false });
  const all = [tick('notes'), tick('briefed', { role: 'operations' })];

  it.each<[string, string, string]>([
    ['an open one', decided(d(), tom, on('notes')), 'accepted item_ticked'],
    [
      'several at once',
      decided(d(), omar, on('notes'), on('briefed')),
      'accepted item_ticked item_ticked scheduled',
    ],
    [
      'the last one',
      decided(d({ evidence: { ticks: all.slice(1) } }), tom, on('notes')),
      'accepted item_ticked scheduled',
    ],
    ['a ticked one again', decided(d({ evidence: { ticks: all } }), tom, on('notes')), 'unchanged'],
    ['nothing', decided(d(), tom), 'unchanged'],
    ['one back that is open', decided(d(), tom, off('notes')), 'unchanged'],
    [
      'one back that its start rests on',
      decided(d({ status: 'scheduled', evidence: { ticks: all } }), tom, off('notes')),
      'accepted item_unticked reopened',
    ],
    ['one that is not there', decided(d(), tom, on('runbook')), 'refused not_found'],
    ['as nobody in particular', decided(d(), clock, on('notes')), 'refused not_allowed'],
    ['without a role', decided(d(), person(PAUL), on('notes')), 'refused not_allowed + attempt_refused'],
    [
      'for a role that is not theirs',
      decided(d(), sana, on('briefed')),
      'refused not_your_role + attempt_refused',
    ],
    [
      'for another role than the one they hold',
      decided(d(), omar, { ...on('briefed'), role: 'security' }),
      'refused not_your_role + attempt_refused',
    ],
    [
      'what came before a start that is over',
      decided(d({ status: 'rolling_out' }), tom, on('notes')),
      'refused wrong_status',
    ],
    [
      'what comes before the hand-over, on the way',
      decided(d({ status: 'rolling_out' }), tom, on('known_issues')),
      'accepted item_ticked',
    ],
    ['after the end', decided(d({ status: 'cancelled' }), tom, on('known_issues')), 'refused wrong_status'],
    [
      'one that they may and one that they may not: neither',
      decided(d(), sana, on('notes'), on('briefed')),
      'refused not_your_role + attempt_refused',
    ],
  ])('GT-5: %s', (_, was, expected) => {
    expect(was).toBe(expected);
  });

  it('GT-5: keeps the note, and nothing for a note of blanks', () => {
    const noted = (note: string) => decide(d(), { kind: 'tick', items: [on('notes')], note }, facts(tom));
    expect(noted(' read twice ')).toMatchObject({ events: [{ item: 'notes', note: 'read twice' }] });
    expect(noted('  ')).toEqual({ kind: 'accepted', events: [{ type: 'item_ticked', item: 'notes' }] });
  });

  it.each<[string, Deployment, Person, string, (string | undefined)[]]>([
    ['the lead, by the deployment', d(), aPerson(dana), 'notes', [undefined]],
    ['somebody without a role', d(), aPerson(person(PAUL)), 'notes', []],
    ['the role it asks', d(), aPerson(omar), 'briefed', ['operations']],
    ['another role', d(), aPerson(sana), 'briefed', []],
    ['anybody, once it has started', d({ status: 'rolling_out' }), aPerson(omar), 'notes', []],
    ['anybody, before the hand-over', d({ status: 'observing' }), aPerson(omar), 'known_issues', [undefined]],
    ['anybody, after the end', d({ status: 'handed_over' }), aPerson(omar), 'known_issues', []],
  ])('GT-5: is open to %s', (_, state, actor, id, roles) => {
    const one = state.terms.requirements.checklist.find((wanted) => wanted.id === id);
    expect(one && ticksOpenTo(state, one, actor, T0)).toEqual(roles);
  });
});

describe('what follows from what is there', () => {
  const gates = [gate('build'), gate('unit_tests', { rule: { kind: 'pass_rate', atLeast: 100 } })];
  const reported = (id: string, ok: boolean): EventBody => ({
    type: 'gate_reported',
    report: report(id),
    passed: ok,
    says: ok ? 'passed' : 'failed',
  });
  const types = (bodies: EventBody[]): string[] => bodies.map(({ type }) => type);
  const now: Facts = facts(clock);

  it.each<[string, Deployment, EventBody[], string[]]>([
    ['one gate of two', waitingFor({ gates }), [reported('build', true)], ['gate_reported']],
    [
      'the last gate',
      waitingFor({ gates }, { evidence: { gates: passed('build') } }),
      [reported('unit_tests', true)],
      ['gate_reported', 'scheduled'],
    ],
    [
      'the last gate, failed',
      waitingFor({ gates }, { evidence: { gates: passed('build') } }),
      [reported('unit_tests', false)],
      ['gate_reported'],
    ],
    [
      'a gate that fails after it was scheduled',
      waitingFor(
        { gates },
        { status: 'scheduled', evidence: { gates: { ...passed('build'), ...passed('unit_tests') } } },
      ),
      [reported('build', false)],
      ['gate_reported', 'reopened'],
    ],
    [
      'a gate of the hand-over: the start does not mind',
      waitingFor({ gates: [gate('smoke', { before: 'hand_over' })] }, { status: 'scheduled' }),
      [reported('smoke', false)],
      ['gate_reported'],
    ],
    [
      'the last gate while a sign-off is missing',
      waitingFor({ gates: gates.slice(0, 1) }, { required: [TECH_LEAD] }),
      [reported('build', true)],
      ['gate_reported'],
    ],
  ])('GT-1: %s', (_, d, bodies, expected) => {
    expect(types(withReadiness(d, now, ...bodies))).toEqual(expected);
  });

  it('GT-5: an item that the change request ticks waits for its roles as well once that is written', () => {
    const roles = [{ role: 'security', name: 'Security' }];
    const checklist = [item('plan', { text: 'Plan', evidence: { kind: 'change_request' }, roles })];
    const evidence = { changeRequest: { ...changeRequest(), by: TOM, at: T0 } };
    const d = waitingFor({ checklist, changeRequest: true }, { evidence });
    expect(missingBefore(d, 'start')).toEqual(['Plan']);
  });

  it('GT-5: names what is missing again', () => {
    const d = waitingFor(
      { gates: gates.slice(0, 1), checklist: [item('notes')], changeRequest: true },
      { status: 'scheduled' },
    );
    expect(withReadiness(d, now).at(-1)).toEqual({
      type: 'reopened',
      missing: ['build', 'change request', 'notes is done'],
    });
    expect(missingBefore(d, 'hand_over')).toEqual([]);
  });
});

const BUILD = envelope();

describe('reports', () => {
  const rule = { kind: 'pass_rate', atLeast: 95 } as const;
  const one = needs({ gates: [gate('tests', { rule, lasts: DAY })] });
  const d = (gates?: Deployment['evidence']['gates']): Deployment =>
    waitingFor(one, gates === undefined ? {} : { evidence: { gates } });
  const tests = (ok: number, bad: number, more = {}) =>
    report('tests', { tests: { passed: ok, failed: bad, skipped: 0 }, ...more });
  const told = (state: Deployment, ...reports: ReturnType<typeof report>[]) =>
    newsOf(state, facts(clock, { reports }));
  const known = (of: ReturnType<typeof report>): Deployment =>
    d(judgeReports(one, BUILD, [of], T0) as Deployment['evidence']['gates']);

  it('GT-1: are judged by the frozen rule, and what their reporter calls failed never passes', () => {
    expect(told(d(), tests(90, 10))).toMatchObject([
      { type: 'gate_reported', passed: false, says: '90 % of 100 tests, at least 95 %' },
    ]);
    expect(told(d(), tests(96, 4, { status: 'failed' }))).toMatchObject([{ passed: false }]);
    expect(told(d(), report('tests'))).toMatchObject([{ passed: false, says: 'its report brings no tests' }]);
  });

  it.each<[string, () => EventBody[], number]>([
    ['of another commit', () => told(d(), tests(1, 0, { sha: 'f'.repeat(40) })), 0],
    ['of another artifact', () => told(d(), tests(1, 0, { digest: `sha256:${'f'.repeat(64)}` })), 0],
    ['of this very artifact', () => told(d(), tests(1, 0, { digest: BUILD.digest })), 1],
    ['of a gate that nobody asks', () => told(d(), report('lint')), 0],
    ['of no commit in particular', () => told(d(), withoutCommit(tests(1, 0))), 1],
    ['that is known', () => told(known(tests(1, 0)), tests(1, 0)), 0],
    ['older than the one that is known', () => told(known(tests(1, 0)), tests(0, 1, { at: T0 - 1 })), 0],
    ['newer than the one that is known', () => told(known(tests(1, 0)), tests(0, 1, { at: T0 + 1 })), 1],
    ['that came twice: only the newest', () => told(d(), tests(0, 1), tests(1, 0, { at: T0 + 1 })), 1],
    ['after the end', () => told({ ...d(), status: 'cancelled' }, tests(1, 0)), 0],
  ])('GT-1: one %s', (_, events, count) => {
    expect(events()).toHaveLength(count);
  });

  it('GT-7: count for a while, and one that came too late never does', () => {
    const old = judgeReports(one, BUILD, [tests(1, 0)], T0 + DAY);
    expect(old.tests).toMatchObject({ passed: true, expired: true });
    expect(evidenceExpired(known(tests(1, 0)), T0 + DAY - 1)).toEqual([]);
    expect(evidenceExpired(known(tests(1, 0)), T0 + DAY)).toEqual([
      { type: 'evidence_expired', gates: ['tests'], items: [], waits: true },
    ]);
    const after = { ...known(tests(1, 0)), status: 'rolling_out' as const };
    expect(evidenceExpired(after, T0 + DAY)).toEqual([]);
  });

  it('GT-7: ticks count for a while as well, each role’s for itself, and are said once', () => {
    const aged = waitingFor(
      { checklist: [item('parity', { lasts: HOUR }), item('notes')] },
      {
        evidence: {
          ticks: [tick('parity', { role: 'a' }), tick('parity', { role: 'b' }), tick('notes', { by: TOM })],
        },
      },
    );
    expect(evidenceExpired(aged, T0 + HOUR)).toEqual([
      { type: 'evidence_expired', gates: [], items: ['parity'], waits: true },
    ]);
  });
});

it.each(['staging_deployed', 'artifact_version', 'artifact_tag', 'artifact_checksum'])(
  'GT-3, GT-8: %s is never answered by what a backend claims of a release',
  (id) => {
    const requirements = needs({ gates: [gate(id)] });
    const asked = (reports: GateReport[], own: GateReport[]) =>
      decide(undefined, request({ requirements, reports }), facts(dana, { mayRequest: true, reports: own }));
    expect(asked([report(id)], [])).toMatchObject({ events: [{ gates: {} }] });
    expect(asked([], [report(id)])).toMatchObject({ events: [{ gates: { [id]: { passed: true } } }] });
  },
);

describe('GT-3: another build of its version, registered after it was asked for', () => {
  const own = envelope();
  const registered = (change: Partial<Artifact>): Artifact => ({
    service: own.service,
    version: own.version,
    sha: own.sha,
    digest: own.digest,
    at: T0,
    by: 'github',
    ...change,
  });
  const news = (d: Deployment, artifact: Artifact) =>
    newsOf(d, facts(clock, { reports: [], artifact: { registered: artifact, refusals: [] } })).map(
      ({ type }) => type,
    );
  const OTHER = registered({ digest: `sha256:${'9'.repeat(64)}` });

  it.each(['preparing', 'scheduled', 'rolling_out', 'held', 'observing'] as const)(
    'is told at once, and once (%s)',
    (status) => {
      const d = { ...waitingFor({}), status };
      expect(news(d, OTHER)).toEqual(['other_build_registered']);
      const told = { ...d, evidence: { ...d.evidence, otherBuild: { says: 'x', at: T0 } } };
      expect(news(told, OTHER)).toEqual([]);
    },
  );

  it('is nothing where it is the same, or where it has ended', () => {
    expect(news(waitingFor({}), registered({}))).toEqual([]);
    expect(news({ ...waitingFor({}), status: 'cancelled' }, OTHER)).toEqual([]);
  });
});
