/** What must hold whatever a policy requires: against a plain reading of the record. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReady, missingBefore } from '../../src/deployment/readiness/readiness.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { RequiredGate, Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { anyChange, anyParts, PLACE, policyOf } from '../policy/arbitrary-policies.ts';
import { changeRequest, dana, envelope, gateReport, request, ruth, sana, T0, tom } from './builders.ts';
import { isComplete } from './plain-readiness.ts';
import { World } from './world.ts';

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
