/** Buttons carry ids, and what of it was shown; what comes back is checked before it is used. */

import { describe, expect, it } from 'vitest';
import { decodeButton, encodeButton } from '../../views/button-value.ts';

describe('a button’s value', () => {
  it('comes back as it was written', () => {
    const value = { d: 'D-1042', n: 2, h: 'c0ffee000000', r: 'security', a: 'no_go' };
    expect(decodeButton(encodeButton(value))).toEqual(value);
  });

  it('fits an overflow menu’s 75 characters with the longest ids', () => {
    expect(encodeButton({ a: 'no_go', d: 'D-999999', h: 'c0ffee000000' }).length).toBeLessThanOrEqual(75);
  });

  it.each([
    undefined,
    null,
    '',
    'not json',
    '{"n":1}',
    '{"d":"1042"}',
    '{"d":"D-1042","n":0}',
    '{"d":"D-1042","admin":true}',
    '[]',
    'null',
  ])('is refused where we did not write it: %s', (text) => {
    expect(decodeButton(text)).toBeUndefined();
  });
});
