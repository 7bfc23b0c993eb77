/** What holds for every message and view: the right ones pass, a single fault is found where it is, nothing throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkMessage,
  checkSuggestions,
  checkView,
  initialState,
  interactiveElements,
  withBlockIds,
} from '../../local-slack/block-kit/index.ts';
import type { Block, Violation } from '../../local-slack/protocol.ts';
import { messageBlocks, VALID } from './arbitraries.ts';
import { broken } from './broken.ts';
import type { Kind } from './edge.ts';

const check = (kind: Kind, value: unknown): Violation[] =>
  kind === 'message' ? checkMessage(value as object) : checkView(value, kind);

describe.each(['message', 'modal', 'home'] as const)('a %s', (kind) => {
  it('that keeps every rule passes', () => {
    fc.assert(
      fc.property(VALID[kind], (value) => {
        expect(check(kind, value)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of any JSON at all is judged, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), (value) => {
        expect(
          Array.isArray(check(kind, kind === 'message' ? { blocks: value, attachments: value } : value)),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('one broken rule', () => {
  it('is refused exactly where it is broken', () => {
    fc.assert(
      fc.property(broken, ({ kind, value, pointer }) => {
        expect(check(kind, value).map((violation) => violation.pointer)).toContain(pointer);
      }),
      { numRuns: 1500 },
    );
  });

  it('never spreads to places that do not hold it', () => {
    fc.assert(
      fc.property(broken, ({ kind, value, pointer }) => {
        for (const violation of check(kind, value)) {
          const related = pointer.startsWith(violation.pointer) || violation.pointer.startsWith(pointer);
          expect(related, `${violation.pointer}: ${violation.message} beside ${pointer}`).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hostile input', () => {
  const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = 'x';
    for (let i = 0; i < depth; i++) value = wrap(value);
    return value;
  };

  it.each<[string, (inner: unknown) => unknown]>([
    ['lists', (inner) => [inner]],
    ['sections', (inner) => [{ type: 'section', text: inner, accessory: inner }]],
    [
      'containers',
      (inner) => [{ type: 'container', title: { type: 'plain_text', text: 'T' }, child_blocks: inner }],
    ],
    ['rich text', (inner) => [{ type: 'rich_text', elements: inner }]],
    [
      'options',
      (inner) => [
        { type: 'section', accessory: { type: 'static_select', options: [inner], initial_option: inner } },
      ],
    ],
  ])('nested a hundred thousand deep in %s is refused', (_, wrap) => {
    const deep = nested(100_000, wrap);
    expect(checkMessage({ blocks: deep }).length).toBeGreaterThan(0);
    expect(checkMessage({ blocks: [deep] }).length).toBeGreaterThan(0);
    expect(checkView({ type: 'home', blocks: deep }, 'home').length).toBeGreaterThan(0);
    expect(checkSuggestions(deep).length).toBeGreaterThan(0);
  });

  it('with a million blocks, properties or characters is refused with few words', () => {
    const blocks = new Array(1_000_000).fill({ type: 'nonsense' });
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`p${i}`, i]));
    const long = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(10_000_000) } };
    for (const value of [blocks, [{ type: 'divider', ...wide }], [long]]) {
      const violations = checkMessage({ text: 'F', blocks: value });
      expect(violations.length).toBeGreaterThan(0);
      expect(violations.length).toBeLessThanOrEqual(100);
    }
  });

  it('with the names of built-in properties for types and fields is refused', () => {
    const blocks = ['constructor', '__proto__', 'toString'].map((type) => ({ type }));
    expect(checkMessage({ blocks }).map(({ pointer }) => pointer)).toEqual(
      [0, 1, 2].map((i) => `/blocks/${i}/type`),
    );
    const polluted: unknown = JSON.parse('[{ "type": "divider", "__proto__": { "x": 1 } }]');
    expect(checkMessage({ blocks: polluted })).toMatchObject([{ pointer: '/blocks/0' }]);
  });
});

describe('ids', () => {
  it('given to all that lack one leave the message right, and every element found once', () => {
    fc.assert(
      fc.property(messageBlocks, (blocks) => {
        let count = 0;
        const named = withBlockIds(blocks as Block[], () => `generated-${count++}`);
        expect(checkMessage({ text: 'F', blocks: named })).toEqual([]);
        const found = interactiveElements(named);
        expect(found.filter(({ block_id, action_id }) => block_id === '' || action_id === '')).toEqual([]);
        expect(new Set(found.map(({ block_id, action_id }) => `${block_id} ${action_id}`)).size).toBe(
          found.length,
        );
        for (const states of Object.values(initialState(named)))
          expect(Object.keys(states).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a check', () => {
  it('of a full message takes far less than a millisecond', () => {
    const text = { type: 'mrkdwn', text: 'x'.repeat(300) };
    const button = (i: number) => ({
      type: 'button',
      action_id: `a${i}`,
      style: 'danger',
      text: { type: 'plain_text', text: 'Go' },
    });
    const blocks = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0
        ? { type: 'section', text, fields: [text], accessory: button(0) }
        : { type: 'actions', elements: [1, 2, 3].map(button) },
    );
    const times = Array.from({ length: 500 }, () => {
      const start = performance.now();
      checkMessage({ text: 'F', blocks });
      return performance.now() - start;
    }).sort((a, b) => a - b);
    // The median on a busy machine; about a twentieth of this on a quiet one.
    expect(times[250]).toBeLessThan(1);
  });
});
