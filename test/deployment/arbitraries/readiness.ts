/** What is ticked, reported and grows too old, at random moments. */

import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../../../src/time.ts';
import { changeRequest, gateReport } from '../builders.ts';
import { type Step, tell } from './people.ts';
import { anyActor, anySigner, nth, ROLES, SHAS } from './values.ts';

/** One item ticked or opened again, by whoever they are and for whatever role. */
const anyTick: fc.Arbitrary<Step> = fc
  .tuple(
    anySigner,
    fc.nat({ max: 20 }),
    fc.constantFrom(true, true, false),
    fc.option(fc.constantFrom(...ROLES)),
  )
  .map(([actor, index, ticked, role]): Step => {
    return (world) => {
      const item = nth(world.d.terms.requirements.checklist ?? [], index)?.id ?? 'nothing';
      world.tell({ kind: 'tick', items: [{ item, ticked, ...(role === null ? {} : { role }) }] }, actor);
    };
  });

/** One gate, well or badly, of this commit or another, now or a while ago. */
const anyReport: fc.Arbitrary<Step> = fc
  .record({
    index: fc.nat({ max: 20 }),
    good: fc.constantFrom(true, true, false),
    sha: fc.option(fc.constantFrom(...Object.values(SHAS)), { freq: 2 }),
    ago: fc.constantFrom(0, 0, MINUTE, 30 * MINUTE, 2 * HOUR, 2 * DAY),
  })
  .map(({ index, good, sha, ago }): Step => {
    return (world) => {
      const gate = nth(world.d.terms.requirements.gates ?? [], index);
      if (gate === undefined) return;
      world.report(gateReport(gate, { good, sha: sha ?? world.d.terms.envelope.sha, at: world.now - ago }));
    };
  });

/** Time enough for something to grow too old, before anybody asks for the next thing. */
const grownOld: fc.Arbitrary<Step> = fc.constantFrom(90 * MINUTE, 3 * HOUR, DAY).map((time): Step => {
  return (world) => void world.pass(time).wake();
});

export const anyReadinessStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: grownOld },
  { weight: 3, arbitrary: anyTick },
  { weight: 3, arbitrary: anyReport },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, fc.constantFrom('checkout', 'search'))
      .map(([actor, components]) =>
        tell({ kind: 'write_change_request', request: changeRequest({ components }) }, actor),
      ),
  },
);
