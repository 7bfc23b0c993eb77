import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../src/deployment/canonical-json.ts';

it('says the same of equal values, whatever the order of their keys, and loses nothing', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('keeps a key that objects have of themselves, and leaves out what is undefined', () => {
  expect(canonicalJson({ b: 1, a: undefined, ...JSON.parse('{"__proto__":{"d":1,"c":2}}') })).toBe(
    '{"__proto__":{"c":2,"d":1},"b":1}',
  );
});
