/** Every limit of Block Kit at its edge: what stands at it passes, one more is refused there. */
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';
import type { Violation } from '../../local-slack/protocol.ts';
import { type Edge, type Json, many, marked, plain } from './edge.ts';
import { EDGES } from './edges.ts';

/** Sends what an edge makes in the way Slack takes it. */
function send({ on, make }: Edge, n: number): Violation[] {
  const made = make(n);
  if (on === 'message') return checkMessage({ text: 'Fallback', blocks: made });
  if (!Array.isArray(made)) return checkView(made, on);
  return checkView(
    on === 'home'
      ? { type: 'home', blocks: made }
      : { type: 'modal', title: plain('T'), submit: plain('OK'), blocks: made },
    on,
  );
}

function whereOf({ on, make, pointer }: Edge, n: number): string {
  if (on === 'message') return `/blocks/0${pointer}`;
  return Array.isArray(make(n)) ? `/view/blocks/0${pointer}` : `/view${pointer}`;
}

describe.each(EDGES)('$title, at most $limit', (edge) => {
  it('passes at the limit', () => {
    expect(send(edge, edge.limit)).toEqual([]);
  });

  it('is refused one beyond, with a pointer to it', () => {
    const code = edge.on === 'message' ? 'invalid_blocks' : 'invalid_arguments';
    expect(send(edge, edge.limit + 1)).toEqual([
      { pointer: whereOf(edge, edge.limit + 1), code, message: expect.stringMatching(/\d/) },
    ]);
  });
});

describe('a whole message', () => {
  const section = (n: number): Json => ({ type: 'section', text: marked('x'.repeat(n)) });

  it('takes 50 blocks and refuses the 51st', () => {
    const blocks = (n: number) => ({ text: 'Fallback', blocks: many(n, () => ({ type: 'divider' })) });
    expect(checkMessage(blocks(50))).toEqual([]);
    expect(checkMessage(blocks(51))).toEqual([
      { pointer: '/blocks', code: 'invalid_blocks', message: 'no more than 50 items allowed' },
    ]);
  });

  it('takes 13,200 characters in all its blocks together and not one more', () => {
    const blocks = (last: number) => ({
      text: 'Fallback',
      blocks: [3000, 3000, 3000, 3000, last].map(section),
    });
    expect(checkMessage(blocks(1200))).toEqual([]);
    expect(checkMessage(blocks(1201))).toEqual([
      { pointer: '/blocks', code: 'msg_blocks_too_long', message: 'must be less than 13201 characters' },
    ]);
  });

  it('takes 12,000 characters in all its markdown blocks together', () => {
    const blocks = (n: number) => ({
      text: 'Fallback',
      blocks: [6000, n].map((length) => ({ type: 'markdown', text: 'x'.repeat(length) })),
    });
    expect(checkMessage(blocks(6000))).toEqual([]);
    expect(checkMessage(blocks(6001))).toEqual([
      { pointer: '/blocks/1/text', code: 'invalid_blocks', message: 'must be less than 12001 characters' },
    ]);
  });

  it('takes 20,000 characters in all its data tables together', () => {
    const cell = (n: number): Json[] => [{ type: 'raw_text', text: 'x'.repeat(n) }];
    const data = (n: number): Json => ({ type: 'data_table', caption: 'All', rows: [cell(1), cell(n - 1)] });
    expect(checkMessage({ text: 'Fallback', blocks: [data(10_000), data(10_000)] })).toEqual([]);
    expect(checkMessage({ text: 'Fallback', blocks: [data(10_000), data(10_001)] })).toMatchObject([
      { pointer: '/blocks/1/rows' },
    ]);
  });

  it('takes one table, wherever it stands', () => {
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };
    const container = { type: 'container', title: plain('T'), child_blocks: [table] };
    const refused = { code: 'invalid_attachments', message: 'only_one_table_allowed' };
    expect(checkMessage({ text: 'F', blocks: [table] })).toEqual([]);
    expect(checkMessage({ text: 'F', blocks: [table, table] })).toEqual([
      { pointer: '/blocks/1', ...refused },
    ]);
    expect(checkMessage({ text: 'F', blocks: [table, container] })).toEqual([
      { pointer: '/blocks/1/child_blocks/0', ...refused },
    ]);
    expect(checkMessage({ text: 'F', blocks: [table], attachments: [{ blocks: [table] }] })).toEqual([
      { pointer: '/attachments/0/blocks/0', ...refused },
    ]);
  });

  it('takes 4,000 characters of text', () => {
    expect(checkMessage({ text: 'x'.repeat(4000) })).toEqual([]);
    expect(checkMessage({ text: 'x'.repeat(4001) })).toMatchObject([
      { pointer: '/text', code: 'msg_too_long' },
    ]);
  });

  it('takes 100 attachments', () => {
    const attachments = (n: number) => ({ attachments: many(n, () => ({ text: 'old style' })) });
    expect(checkMessage(attachments(100))).toEqual([]);
    expect(checkMessage(attachments(101))).toMatchObject([{ code: 'too_many_attachments' }]);
  });
});

describe('lengths', () => {
  it('are counted in characters: an emoji is one, whatever it takes in bytes', () => {
    const header = (n: number) => ({ text: 'F', blocks: [{ type: 'header', text: plain('🚀'.repeat(n)) }] });
    expect(checkMessage(header(150))).toEqual([]);
    expect(checkMessage(header(151))).toMatchObject([{ pointer: '/blocks/0/text/text' }]);
    expect(checkMessage({ text: 'ü'.repeat(4000) })).toEqual([]);
  });

  it('are counted the same for a message as a whole', () => {
    const rocket = (n: number): Json => ({ type: 'section', text: marked('🚀'.repeat(n)) });
    const blocks = (n: number) => ({
      text: 'F',
      blocks: [rocket(3000), rocket(3000), rocket(3000), rocket(3000), rocket(n)],
    });
    expect(checkMessage(blocks(1200))).toEqual([]);
    expect(checkMessage(blocks(1201))).toMatchObject([{ code: 'msg_blocks_too_long' }]);
  });

  it('of a view are 250 kB in all', () => {
    const rich = (n: number): Json => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x'.repeat(n) }] }],
    });
    const view = (n: number): Json => ({ type: 'home', blocks: [rich(n)] });
    const around = JSON.stringify(view(0)).length;
    expect(checkView(view(250_000 - around), 'home')).toEqual([]);
    expect(checkView(view(250_001 - around), 'home')).toMatchObject([
      { pointer: '/view', code: 'view_too_large', message: 'must be less than 250001 bytes' },
    ]);
  });
});
