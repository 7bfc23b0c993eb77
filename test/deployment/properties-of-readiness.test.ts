/** What must hold in every story about gates, the checklist and the change request: against a plain reading of the record. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { NOT_STARTED } from '../../src/deployment/lifecycle.ts';
import { isReady, itemState, missingBefore, openItems } from '../../src/deployment/readiness/readiness.ts';
import type { Tick } from '../../src/deployment/readiness/state.ts';
import { judgeGate } from '../../src/policy/gates.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { ChecklistItem, RequiredGate, Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/time.ts';
import { anyChange, anyParts, PLACE, policyOf } from '../policy/arbitrary-policies.ts';
import { changeRequest, dana, envelope, gateReport, request, ruth, sana, T0, tom } from './builders.ts';
import { storyTests, tellStory } from './stories.ts';
import { World } from './world.ts';

const inEveryStory = storyTests();

/** By the reports and the clock alone: what the record says of an expiry is not believed. */
function hasPassed(d: Deployment, gate: RequiredGate, now: Instant): boolean {
  const report = d.evidence.gates[gate.id]?.report;
  if (report === undefined || (report.sha !== undefined && report.sha !== d.terms.envelope.sha)) return false;
  return judgeGate(gate.rule, report).passed && (gate.lasts === undefined || now < report.at + gate.lasts);
}

function isTicked(d: Deployment, item: ChecklistItem, now: Instant): boolean {
  const fresh = ({ at }: Tick): boolean => item.lasts === undefined || now < at + item.lasts;
  const ticks = d.evidence.ticks.filter((tick) => tick.item === item.id && fresh(tick));
  const byRoles = (item.roles ?? []).every(({ role }) => ticks.some((tick) => tick.role === role));
  const { evidence } = item;
  if (evidence?.kind === 'gate') {
    const result = d.evidence.gates[evidence.gate];
    if (result !== undefined && !result.passed) return false;
  }
  return byRoles && (ticks.length > 0 || isEvident(d, item, now));
}

function isEvident(d: Deployment, { evidence }: ChecklistItem, now: Instant): boolean {
  switch (evidence?.kind) {
    case undefined:
      return false;
    case 'gate': {
      const gate = d.terms.requirements.gates.find(({ id }) => id === evidence.gate);
      return gate !== undefined && hasPassed(d, gate, now);
    }
    case 'sign_off': {
      const required = d.terms.required.find(({ role }) => role === evidence.role);
      return required !== undefined && goes(d, evidence.role) >= required.quorum;
    }
    case 'on_call':
      return true;
    case 'change_request':
      return d.evidence.changeRequest !== undefined;
  }
}

function goes(d: Deployment, role: string): number {
  const given = d.approval.signOffs.filter(
    (signOff) => signOff.role === role && signOff.decision === 'go' && signOff.fallen === undefined,
  );
  return new Set(given.map(({ person }) => person.id)).size;
}

/** Whether nothing is missing before a milestone, read plainly. */
function isComplete(d: Deployment, before: 'start' | 'hand_over', now: Instant): boolean {
  const { gates, checklist, changeRequest: asked } = d.terms.requirements ?? NOTHING;
  const owed = d.terms.approval.when === 'afterwards';
  return (
    gates.every((gate) => gate.before !== before || hasPassed(d, gate, now)) &&
    checklist.every(
      (item) => item.before !== before || !item.required || isTicked(d, item, now) || isOwed(d, item),
    ) &&
    (before === 'hand_over' || !asked || owed || d.evidence.changeRequest !== undefined)
  );
}

/** What is approved afterwards owes its change request then, and no item waits for it either, but for the roles that one asks. */
const isOwed = (d: Deployment, { evidence, roles }: ChecklistItem): boolean =>
  d.terms.approval.when === 'afterwards' && evidence?.kind === 'change_request' && roles === undefined;

const NOTHING: Requirements = { gates: [], checklist: [], changeRequest: false };

function isSigned(d: Deployment): boolean {
  return (
    d.terms.approval.when === 'afterwards' ||
    d.terms.required.every(({ role, quorum }) => goes(d, role) >= quorum)
  );
}

describe('In every story', () => {
  const met = new Map<string, number>();
  inEveryStory(
    'with requirements most things happen, so that what follows says something',
    (story) => {
      if (story.asked.terms.requirements === undefined) return;
      for (const { event } of tellStory(story).done) met.set(event.type, (met.get(event.type) ?? 0) + 1);
    },
    () => {
      for (const type of [
        'gate_reported',
        'item_ticked',
        'item_unticked',
        'change_request_written',
        'evidence_expired',
        'reopened',
        'revised',
        'started',
        'handed_over',
      ])
        expect(met.get(type) ?? 0, type).toBeGreaterThan(10);
    },
  );

  inEveryStory(
    'GT-1, GT-5, CH-5: nothing starts without its gates, its items, its change request and its sign-offs',
    (story) => {
      for (const { event, after } of tellStory(story).done) {
        if (event.type !== 'started') continue;
        expect(isComplete(after, 'start', event.at)).toBe(true);
        expect(isSigned(after)).toBe(true);
      }
    },
  );

  inEveryStory(
    'GT-5: it is ready exactly where nothing is missing, and scheduled exactly where it is ready',
    (story) => {
      tellStory(story, ({ d }) => {
        // As of the last event: what has grown too old since, the record does not know yet.
        const at = Math.max(...[d.requestedAt, ...timesOf(d)]);
        if (!NOT_STARTED.has(d.status)) return;
        const ready = isSigned(d) && missingBefore(d, 'start').length === 0;
        expect(isReady(d)).toBe(ready);
        expect(d.status === 'scheduled').toBe(ready);
        if (ready) expect(isComplete(d, 'start', at)).toBe(true);
      });
    },
  );

  inEveryStory(
    'GT-5: only what was scheduled is reopened, it says what is missing, and waits again',
    (story) => {
      let before: Deployment | undefined;
      for (const { event, after } of tellStory(story).done) {
        if (event.type === 'reopened') {
          expect(before?.status).toBe('scheduled');
          expect(after.status).toBe('preparing');
          expect(after.start.at).toBeUndefined();
          expect(event.missing.length).toBeGreaterThan(0);
          expect(isReady(after)).toBe(false);
        }
        before = after;
      }
    },
  );

  inEveryStory(
    'GT-3: a report about another commit never counts, and another release begins without reports and ticks',
    (story) => {
      let before: Deployment | undefined;
      for (const { event, after } of tellStory(story).done) {
        for (const { report } of Object.values(after.evidence.gates))
          expect(report.sha).toBe(after.terms.envelope.sha);
        if (
          event.type === 'revised' &&
          before &&
          after.terms.envelope.version !== before.terms.envelope.version
        )
          expect(after.evidence.ticks).toEqual([]);
        before = after;
      }
    },
  );

  inEveryStory('GT-5: no tick stands against a gate that failed', (story) => {
    for (const { after } of tellStory(story).done) {
      for (const item of after.terms.requirements.checklist ?? []) {
        if (item.evidence?.kind !== 'gate' || after.evidence.gates[item.evidence.gate]?.passed !== false)
          continue;
        expect(itemState(after, item).state).toBe('failed');
      }
    }
  });

  inEveryStory('GT-5: an item is open for the start exactly where its own state says so', (story) => {
    const { d } = tellStory(story);
    for (const before of ['start', 'hand_over'] as const) {
      const open = (d.terms.requirements.checklist ?? []).filter(
        (item) =>
          item.required && item.before === before && itemState(d, item).state !== 'done' && !isOwed(d, item),
      );
      expect(openItems(d, before)).toEqual(open);
    }
  });

  inEveryStory('HO-1: no end of the observation by itself hands over what is not complete', (story) => {
    for (const { event, after } of tellStory(story).done) {
      if (event.type !== 'handed_over' || event.supersededBy !== undefined) continue;
      expect(missingBefore(after, 'hand_over')).toEqual([]);
    }
  });
});

/** When the record last heard of something that counts for a while only. */
function timesOf(d: Deployment): Instant[] {
  return [
    ...d.evidence.ticks.map(({ at }) => at),
    ...Object.values(d.evidence.gates).map(({ report }) => report.at),
  ];
}

/** What any policy comes to for any change. */
const anyRequirements: fc.Arbitrary<Requirements> = fc
  .tuple(anyParts, anyChange)
  .map(([parts, change]) => requirementsFor(policyOf(parts), PLACE, change));

const forAny = (holds: (requirements: Requirements, random: fc.GeneratorValue) => void): void => {
  fc.assert(fc.property(anyRequirements, fc.gen(), holds), { numRuns: 300, seed: 20260105 });
};

/** Asked for and signed; what else it requires is up to the test. */
function signed(requirements: Requirements, start: Envelope['start'] = { kind: 'when_ready' }): World {
  const world = new World();
  world.tell(request({ requirements, envelope: envelope({ start }) }), ruth);
  world.sign(tom);
  world.sign(sana);
  return world;
}

const anyMinutes = (): fc.Arbitrary<number[]> => fc.uniqueArray(fc.nat({ max: 90 }), { maxLength: 3 });

/** All that may be brought, each on its own. */
function offers({ gates, checklist, changeRequest: asked }: Requirements): ((world: World) => void)[] {
  return [
    ...gates.map((gate) => (world: World) => void world.report(gateReport(gate))),
    ...checklist.map(
      ({ id }) =>
        (world: World) =>
          world.tick(id),
    ),
    ...(asked
      ? [(world: World) => void world.tell({ kind: 'write_change_request', request: changeRequest() }, dana)]
      : []),
  ];
}

describe('Whatever a policy requires', () => {
  it('GT-5: is ready once all of it is brought, in whatever order', () => {
    forAny((requirements, random) => {
      const all = offers(requirements);
      const world = signed(requirements);
      for (const offer of random(fc.shuffledSubarray, all, { minLength: all.length })) offer(world);
      expect(world.d.status).toBe('scheduled');
      expect(missingBefore(world.d, 'start')).toEqual([]);
      expect(missingBefore(world.d, 'hand_over')).toEqual([]);
    });
  });

  it('GT-5: comes to the same for the same reports and ticks in another order', () => {
    forAny((requirements, random) => {
      // Of one gate several, good and bad, each measured at another time: the newest counts, whenever it arrives.
      const reports = requirements.gates.flatMap((gate) =>
        random(anyMinutes).map((minutes) =>
          gateReport(gate, { good: random(fc.boolean), at: T0 - minutes * MINUTE }),
        ),
      );
      const ticks = random(
        fc.subarray,
        requirements.checklist.map(({ id }) => id),
      );
      const offered = [
        ...reports.map((report) => (world: World) => void world.report(report)),
        ...ticks.map((id) => (world: World) => world.tick(id)),
      ];
      const ends = [offered, random(fc.shuffledSubarray, offered, { minLength: offered.length })].map(
        (inOrder) => {
          const world = signed(requirements);
          for (const offer of inOrder) offer(world);
          const {
            status,
            evidence: { gates = {}, ticks: ticked = [] },
          } = world.d;
          return {
            status,
            missing: missingBefore(world.d, 'start'),
            later: missingBefore(world.d, 'hand_over'),
            gates: Object.entries(gates).sort(([a], [b]) => a.localeCompare(b)),
            ticked: ticked.map(({ item, role }) => `${item} ${role}`).sort(),
          };
        },
      );
      expect(ends[1]).toEqual(ends[0]);
    });
  });

  it('GT-1: is not ready while one gate before the start is missing, failed, too old, or of another commit', () => {
    forAny((requirements, random) => {
      const needed = requirements.gates.filter(({ before }) => before === 'start');
      if (needed.length === 0) return;
      const gate = random(fc.constantFrom, ...needed);
      const wrong = [
        [],
        [gateReport(gate, { sha: 'another' })],
        ...(gate.lasts === undefined ? [] : [[gateReport(gate, { at: T0 - gate.lasts })]]),
        ...(fails(gate) ? [[gateReport(gate, { good: false })]] : []),
      ];
      const world = signed(requirements);
      for (const other of requirements.gates) if (other.id !== gate.id) world.report(gateReport(other));
      world.report(...random(fc.constantFrom, ...wrong));
      for (const { id } of requirements.checklist) world.tick(id);
      world.tell({ kind: 'write_change_request', request: changeRequest() }, dana);
      expect(missingBefore(world.d, 'start')).toContain(gate.name);
      expect(world.d.status).toBe('preparing');
    });
  });

  it('GT-5: is not ready while one required item has neither its tick nor its evidence', () => {
    forAny((requirements, random) => {
      const needed = requirements.checklist.filter(
        ({ required, before, evidence }) => required && before === 'start' && evidence === undefined,
      );
      if (needed.length === 0) return;
      const item = random(fc.constantFrom, ...needed);
      const world = signed(requirements);
      world.complete();
      expect(world.d.status).toBe('scheduled');
      world.tick(item.id, false);
      expect(missingBefore(world.d, 'start')).toEqual([item.text]);
      expect(world.d.status).toBe('preparing');
    });
  });

  it('GT-7: waits again once a report or a tick that it rests on is too old, whatever else is there', () => {
    forAny((requirements) => {
      const world = signed(requirements, { kind: 'at', at: T0 + 2 * DAY });
      world.complete();
      world.pass(DAY + HOUR).wake();
      const { gates, checklist } = requirements;
      const old = gates.some(({ before, lasts }) => before === 'start' && lasts !== undefined);
      const oldTick = checklist.some(
        ({ required, before, lasts, evidence }) =>
          required && before === 'start' && lasts !== undefined && evidence === undefined,
      );
      expect(isReady(world.d)).toBe(isComplete(world.d, 'start', world.now));
      if (old || oldTick) expect(isReady(world.d)).toBe(false);
    });
  });

  it('GT-3: begins anew for another release, and stays for the same one', () => {
    forAny((requirements) => {
      const world = signed(requirements);
      world.complete();
      const { d } = world;
      const summary = { ...d.terms.details, summary: 'Says it better' };
      world.tell({ kind: 'revise', terms: { envelope: d.terms.envelope, details: summary } }, dana);
      expect([world.d.evidence.gates, world.d.evidence.ticks]).toEqual([d.evidence.gates, d.evidence.ticks]);
      const other = { ...envelope(), version: 'v2.1.1', sha: 'another' };
      world.tell({ kind: 'revise', terms: { envelope: other, details: summary } }, dana);
      expect(Object.keys(world.d.evidence.gates)).toEqual([]);
      expect(world.d.evidence.ticks).toEqual([]);
    });
  });
});

/** A figure of nothing is met by the worst report. */
function fails({ rule }: RequiredGate): boolean {
  return rule.kind === 'passed' || rule.kind === 'findings' || rule.atLeast > 0;
}
