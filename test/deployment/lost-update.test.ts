/** What a form that others were faster than would put back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beganFrom, type FormValues, lostUpdates } from '../../src/deployment/request/lost-update.ts';

const OPENED: FormValues = {
  version: 'v2.1.0',
  at: 'ready',
  risk: 'medium',
  lead: 'U1',
  summary: 'Apple Pay.',
};
const FIELDS = Object.keys(OPENED);

const anyValues: fc.Arbitrary<FormValues> = fc
  .subarray(FIELDS)
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
        const moved = FIELDS.filter((field) => now[field] !== OPENED[field]);
        expect(lostUpdates(beganFrom(OPENED), form, now)).toEqual(
          moved.filter((field) => form[field] !== now[field]),
        );
      }),
    );
  });
});
