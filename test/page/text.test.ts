import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emojiOf, withEmoji } from '../../local-slack/page/text/emoji.ts';
import { escapeText, type Inline, inlineOf, mentionsIn, mrkdwn } from '../../local-slack/page/text/mrkdwn.ts';
import { markupOf, richTextOf } from '../../local-slack/page/text/rich-text-markup.ts';
import { secondsOf, slackDate, wallClockOf, zoneNow } from '../../local-slack/page/text/slack-date.ts';
import { completing, typedToMrkdwn } from '../../local-slack/page/text/typed.ts';
import type { Workspace } from '../../local-slack/protocol.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });

/** All that a tree says, as one string. */
function said(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if ('children' in node) return said(node.children);
      if (node.kind === 'text' || node.kind === 'code') return node.text;
      return node.kind === 'link' ? node.label : '';
    })
    .join('');
}

describe('mrkdwn', () => {
  it.each([
    ['*bold*', [{ kind: 'bold', children: [text('bold')] }]],
    [
      '_it_ and ~gone~',
      [
        { kind: 'italic', children: [text('it')] },
        text(' and '),
        { kind: 'strike', children: [text('gone')] },
      ],
    ],
    ['*_both_*', [{ kind: 'bold', children: [{ kind: 'italic', children: [text('both')] }] }]],
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['snake_case_name', [text('snake_case_name')]],
    ['*open', [text('*open')]],
    ['`a*b*c`', [{ kind: 'code', text: 'a*b*c' }]],
    ['*`a*b`*', [{ kind: 'bold', children: [{ kind: 'code', text: 'a*b' }] }]],
    ['1 &lt; 2 &amp;amp; 3', [text('1 < 2 &amp; 3')]],
    ['<https://a.b/?c=1&amp;d=2|here>', [{ kind: 'link', url: 'https://a.b/?c=1&d=2', label: 'here' }]],
    [
      'see https://a.b/c.',
      [text('see '), { kind: 'link', url: 'https://a.b/c', label: 'https://a.b/c' }, text('.')],
    ],
    ['<mailto:x@y.z|x@y.z>', [{ kind: 'link', url: 'mailto:x@y.z', label: 'x@y.z' }]],
    ['<@U1> <@U2|dana>', [{ kind: 'user', id: 'U1' }, text(' '), { kind: 'user', id: 'U2', label: 'dana' }]],
    ['<#C1|deploys>', [{ kind: 'channel', id: 'C1', label: 'deploys' }]],
    ['<!subteam^S1|@ops>', [{ kind: 'usergroup', id: 'S1', label: '@ops' }]],
    [
      '<!here> <!channel|channel>',
      [{ kind: 'broadcast', range: 'here' }, text(' '), { kind: 'broadcast', range: 'channel' }],
    ],
    ['<!date^17^{time}|then>', [{ kind: 'date', seconds: 17, format: '{time}', fallback: 'then' }]],
    [
      '<!date^17^{time}^https://a.b|then>',
      [{ kind: 'date', seconds: 17, format: '{time}', url: 'https://a.b', fallback: 'then' }],
    ],
    [':rocket: 10:30:', [{ kind: 'emoji', name: 'rocket' }, text(' 10'), { kind: 'emoji', name: '30' }]],
    ['<javascript:alert(1)|click>', [text('<javascript:alert(1)|click>')]],
    ['a <b>c</b>', [text('a <b>c</b>')]],
  ] satisfies [string, Inline[]][])('reads %s', (typed, tree) => {
    expect(inlineOf(typed)).toEqual(tree);
  });

  it('takes fences before everything else, and leaves an open one as it is', () => {
    expect(mrkdwn('a\n```\n*x* <https://a.b|c>\n```\nb')).toEqual([
      { kind: 'lines', lines: [[text('a')]] },
      { kind: 'pre', text: '*x* c' },
      { kind: 'lines', lines: [[text('b')]] },
    ]);
    expect(mrkdwn('```open')).toEqual([{ kind: 'lines', lines: [[text('```open')]] }]);
  });

  it('gathers lists and quotes, and lets >>> quote the rest', () => {
    expect(mrkdwn('• one\n  - two\n1. three')).toEqual([
      {
        kind: 'list',
        items: [
          { marker: '•', indent: 0, children: [text('one')] },
          { marker: '-', indent: 1, children: [text('two')] },
          { marker: '1.', indent: 0, children: [text('three')] },
        ],
      },
    ]);
    expect(mrkdwn('&gt; a\n&gt; b\nc')).toEqual([
      { kind: 'quote', chunks: [{ kind: 'lines', lines: [[text('a')], [text('b')]] }] },
      { kind: 'lines', lines: [[text('c')]] },
    ]);
    expect(mrkdwn('&gt;&gt;&gt; a\nb')).toEqual([
      { kind: 'quote', chunks: [{ kind: 'lines', lines: [[text('a')], [text('b')]] }] },
    ]);
  });

  it('says again whatever was escaped, without a mark taken for one', () => {
    const words = fc.stringMatching(/^[A-Za-z<>&"' ]{1,40}$/).filter((typed) => !typed.includes('```'));
    fc.assert(fc.property(words, (typed) => said(inlineOf(escapeText(typed))) === typed));
  });

  it('ends on any text at all', () => {
    const nasty = fc.array(
      fc.constantFrom('*', '_', '~', '`', '<', '>', '|', '!date^', '@U1', ':', ' ', '\n', 'a', '&gt;'),
      {
        maxLength: 60,
      },
    );
    fc.assert(fc.property(nasty, (parts) => Array.isArray(mrkdwn(parts.join('')))));
  });

  it('finds everyone a text calls', () => {
    expect(mentionsIn('<@U1> and <!subteam^S1|@ops>, <!here>; not U2 or <#C1>')).toEqual([
      'U1',
      'S1',
      'here',
    ]);
  });
});

describe('dates', () => {
  // Friday 20 November 2026, 23:30 in Berlin; already Saturday in Karachi.
  const at = Date.UTC(2026, 10, 20, 22, 30, 5);
  const now = Date.UTC(2026, 10, 20, 9, 0, 0);

  it.each([
    ['{date_num}', '2026-11-20'],
    ['{date_slash}', '20/11/2026'],
    ['{date}', 'November 20th'],
    ['{date_short}', 'Nov 20, 2026'],
    ['{date_long}', 'Friday, November 20th, 2026'],
    ['{date_long_full}', 'November 20, 2026'],
    ['{date_pretty}', 'Today'],
    ['{date_short_pretty} at {time}', 'Today at 23:30'],
    ['on {date_long_pretty}', 'On today'],
    ['{day_divider_pretty}', 'Today'],
    ['{time}', '23:30'],
    ['{time_secs}', '23:30:05'],
    ['{ago}', 'In 13 hours'],
  ])('writes %s for Berlin', (template, written) => {
    expect(slackDate(template, at, 'Europe/Berlin', now)).toBe(written);
  });

  it.each([
    ['Asia/Karachi', 'Tomorrow 03:30'],
    ['America/New_York', 'Today 17:30'],
    ['UTC', 'Today 22:30'],
  ])('shows the same moment in %s as people there live it', (zone, written) => {
    expect(slackDate('{date_short_pretty} {time}', at, zone, now)).toBe(written);
  });

  it('names the year only when it is another, and the day before yesterday by its date', () => {
    expect(slackDate('{day_divider_pretty}', at, 'UTC', Date.UTC(2026, 10, 22))).toBe(
      'Friday, November 20th',
    );
    expect(slackDate('{day_divider_pretty}', at, 'UTC', Date.UTC(2027, 1, 1))).toBe(
      'Friday, November 20th, 2026',
    );
    expect(slackDate('{date}', at, 'UTC', Date.UTC(2027, 1, 1))).toBe('November 20th, 2026');
  });

  it('leaves a template with an unknown token, or none, to the fallback', () => {
    expect(slackDate('{date} {moon}', at, 'UTC', now)).toBeUndefined();
    expect(slackDate('soon', at, 'UTC', now)).toBeUndefined();
    expect(slackDate('{time}', at, 'Mars/Base', now)).toBeUndefined();
  });

  it('takes a wall clock in a zone to its instant and back, over the change of clocks too', () => {
    expect(secondsOf('2026-11-20T14:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 20, 13) / 1000);
    const zones = fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), zones, (moment, zone) => {
        const minute = moment - (moment % 60);
        const back = secondsOf(wallClockOf(minute, zone), zone) ?? 0;
        // The hour that clocks repeat in autumn has two instants for one wall clock.
        return back === minute || Math.abs(back - minute) === 3600;
      }),
    );
  });

  it('tells the time where someone is', () => {
    expect(zoneNow('Asia/Kolkata', at)).toEqual({ time: '04:00', offset: 'UTC+5:30' });
  });
});

const workspace = {
  users: [
    { id: 'U1', name: 'dana', real_name: 'Dana Weber', title: 'Release manager', deleted: false },
    { id: 'U2', name: 'dan', real_name: 'Dan Left', deleted: true },
  ],
  channels: [{ id: 'C1', name: 'deploys', topic: 'All of them', is_private: false, members: { only: [] } }],
  usergroups: [{ id: 'S1', handle: 'ops', name: 'Operations', users: [] }],
  commands: [
    { command: '/deploy', description: 'Schedules', usage_hint: '[service]' },
    { command: '/other', description: 'Another' },
  ],
} as unknown as Workspace;

describe('what people type', () => {
  it('becomes mentions where there is someone, and is escaped everywhere', () => {
    expect(typedToMrkdwn('@dana @ops @here #deploys <b> a@dana.de @nobody @dan', workspace)).toBe(
      '<@U1> <!subteam^S1> <!here> <#C1> &lt;b&gt; a@dana.de @nobody @dan',
    );
  });

  it.each([
    ['/', 1, ['/deploy ', '/other ']],
    ['/dep', 4, ['/deploy ']],
    ['hi @da', 6, ['@dana ']],
    ['hi @we', 6, ['@dana ']],
    ['@o', 2, ['@ops ']],
    ['in #de', 6, ['#deploys ']],
    [':rock', 5, ['🚀 ']],
  ])('offers what %s could become', (typed, caret, inserts) => {
    expect(completing(typed, caret, workspace)?.options.map((option) => option.insert)).toEqual(inserts);
  });

  it.each([
    ['/deploy checkout', 16],
    ['mail@da', 7],
    ['10:3', 4],
    ['@dana', 0],
  ])('offers nothing for %s', (typed, caret) => {
    expect(completing(typed, caret, workspace)).toBeUndefined();
  });

  it('finds emoji by their shortcodes and leaves the rest', () => {
    expect(withEmoji('go :rocket: :+1: :nothing: 10:30')).toBe('go 🚀 👍 :nothing: 10:30');
    expect(emojiOf('thumbsup::skin-tone-3')).toBe('👍');
  });
});

describe('rich text from marks', () => {
  it('keeps styles, lists, quotes and code', () => {
    expect(richTextOf('*a* b\n• one\n• two\n&gt; said\n```\nx\n```').elements).toEqual([
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'a', style: { bold: true } },
          { type: 'text', text: ' b' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        indent: 0,
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] },
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'two' }] },
        ],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] },
    ]);
  });

  it('can be typed again from what it became', () => {
    const typed = '*bold* _and_ `code`\n• one\n• two\n> said\n```\nx\n```';
    expect(markupOf(richTextOf(typed))).toBe(typed);
  });
});
