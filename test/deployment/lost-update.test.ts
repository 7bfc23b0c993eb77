/** What a form that others were faster than would put back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beganFrom,
  FORM_FIELDS,
  type FormValues,
  formValues,
  lostUpdates,
  valuesNow,
} from '../../src/deployment/request/lost-update.ts';
import { worldAt } from './world.ts';

const { d } = worldAt('preparing');
const OPENED = valuesNow(d);

const anyValues: fc.Arbitrary<FormValues> = fc
  .subarray([...FORM_FIELDS])
  .chain((changed) =>
    fc.record(Object.fromEntries(changed.map((field) => [field, fc.constantFrom('a', 'b')]))),
  )
  .map((changes) => ({ ...OPENED, ...changes }));

describe('A form about what is on its way', () => {
  it('CH-7: changes whatever it likes where nobody else did', () => {
    fc.assert(
      fc.property(anyValues, (form) => {
        expect(lostUpdates(beganFrom(OPENED), form, OPENED)).toEqual([]);
      }),
    );
  });

  it('CH-7: holds what is there now in every field that others changed, or is refused at just that field', () => {
    fc.assert(
      fc.property(anyValues, anyValues, (form, now) => {
        const moved = FORM_FIELDS.filter((field) => now[field] !== OPENED[field]);
        expect(lostUpdates(beganFrom(OPENED), form, now)).toEqual(
          moved.filter((field) => form[field] !== now[field]),
        );
      }),
    );
  });

  it('CH-7: knows a start to the second, and a summary as far as its field goes', () => {
    const { envelope, details } = d.terms;
    const held = {
      ...details,
      version: envelope.version,
      strategy: envelope.plan.strategy,
      lead: details.lead.id,
      onCall: details.onCall.id,
    };
    const at = formValues({ ...held, start: { kind: 'at', at: 7_250 }, summary: `${'x'.repeat(2_000)}y` });
    const form = formValues({ ...held, start: { kind: 'at', at: 7_000 }, summary: 'x'.repeat(2_000) });
    expect(form).toEqual(at);
    expect(formValues({ ...held, start: { kind: 'window' } }).start).not.toBe(
      formValues({ ...held, start: { kind: 'when_ready' } }).start,
    );
  });
});
