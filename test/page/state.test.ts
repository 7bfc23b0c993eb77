import { describe, expect, it } from 'vitest';
import { pathOf, routeOf } from '../../local-slack/page/route.ts';
import { applyEvents } from '../../local-slack/page/state/apply.ts';
import { continues, merged, seenOf, unreadOf } from '../../local-slack/page/state/messages.ts';
import { initialState, type Log, type State } from '../../local-slack/page/state/state.ts';
import type { Call, Message, View } from '../../local-slack/protocol.ts';

const message = (ts: number, more: Partial<Message> = {}): Message => ({
  channel: 'C1',
  ts: ts.toFixed(6),
  user: 'U1',
  text: `at ${ts}`,
  blocks: [],
  ...more,
});

const log = (messages: Message[], more: Partial<Log> = {}): Log => ({
  messages,
  older: false,
  newer: false,
  readAtOpen: '0',
  lastAtOpen: '0',
  ...more,
});

const stateWith = (messages: Message[], more: Partial<Log> = {}): State => ({
  ...initialState('U1'),
  logs: { C1: log(messages, more) },
});

const shown = (state: State) => state.logs.C1?.messages.map((one) => one.text);

describe('events', () => {
  it('put a message at its time, once, however often it is told', () => {
    const late = message(20);
    const events = [late, message(10), late].map((one) => ({ type: 'message' as const, message: one }));
    expect(shown(applyEvents(stateWith([message(15)]), events))).toEqual(['at 10', 'at 15', 'at 20']);
  });

  it('change and delete what is there, and bring back nothing that is not loaded', () => {
    const state = applyEvents(stateWith([message(10), message(20)]), [
      { type: 'message_changed', message: message(10, { text: 'edited' }) },
      { type: 'message_changed', message: message(5, { text: 'not loaded' }) },
      { type: 'message_deleted', channel: 'C1', ts: '20.000000' },
    ]);
    expect(shown(state)).toEqual(['edited']);
  });

  it('keep replies in their thread, unless they were sent to the channel too', () => {
    const start = { ...stateWith([message(10)]), threads: { 'C1/10.000000': [message(10)] } };
    const state = applyEvents(start, [
      { type: 'message', message: message(11, { thread_ts: '10.000000' }) },
      { type: 'message', message: message(12, { thread_ts: '10.000000', broadcast: true }) },
    ]);
    expect(shown(state)).toEqual(['at 10', 'at 12']);
    expect(state.threads['C1/10.000000']?.map((one) => one.text)).toEqual(['at 10', 'at 11', 'at 12']);
  });

  it('never show what is for somebody else only', () => {
    const events = [{ type: 'message' as const, message: message(20, { ephemeral: 'U2' }) }];
    expect(shown(applyEvents(stateWith([message(10)]), events))).toEqual(['at 10']);
  });

  it('leave a log that was opened at an old message alone', () => {
    const events = [{ type: 'message' as const, message: message(20) }];
    expect(shown(applyEvents(stateWith([message(10)], { newer: true }), events))).toEqual(['at 10']);
  });

  it('keep no more than the newest of a long log', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({
      type: 'message' as const,
      message: message(1001 + index),
    }));
    const state = applyEvents(stateWith([]), many);
    expect(state.logs.C1?.messages.length).toBeLessThanOrEqual(600);
    expect(state.logs.C1?.messages.at(-1)?.text).toBe('at 3000');
    expect(state.logs.C1?.older).toBe(true);
  });

  it('show only the own modal, and a delivery once with how it ended', () => {
    const view = { id: 'V1' } as View;
    const call = (ok: boolean) => ({ id: 7, ok }) as Call;
    const state = applyEvents(stateWith([]), [
      { type: 'view', user: 'U2', view },
      { type: 'call', call: call(false) },
      { type: 'call', call: call(true) },
    ]);
    expect(state.view).toBeNull();
    expect(state.wire.calls).toEqual([call(true)]);
  });
});

describe('unread', () => {
  const me = { id: 'U1', groups: ['S1'], dm: false };
  const from = (ts: number, text: string, more: Partial<Message> = {}) =>
    seenOf(message(ts, { user: 'U2', text, ...more }));

  it('counts what calls a person, in text and in blocks, by name, group or broadcast', () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'for <@U1>' } }];
    const seen = [
      from(1, 'hello'),
      from(2, '<@U1>'),
      from(3, '<!subteam^S1>'),
      from(4, '<!here>'),
      from(5, '', { blocks }),
    ];
    expect(unreadOf(seen, undefined, me)).toEqual({ any: true, calls: 4 });
    expect(unreadOf(seen, '3.000000', me)).toEqual({ any: true, calls: 2 });
    expect(unreadOf(seen, '5.000000', me)).toEqual({ any: false, calls: 0 });
  });

  it('counts every message of a DM, none of one’s own, and none that others alone see', () => {
    const seen = [from(1, 'a'), from(2, 'b', { user: 'U1' }), from(3, 'c', { ephemeral: 'U3' })];
    expect(unreadOf(seen, undefined, { ...me, dm: true })).toEqual({ any: true, calls: 1 });
  });
});

describe('lists of messages', () => {
  it('merge by time, the second list winning', () => {
    const both = merged([message(1), message(2)], [message(2, { text: 'newer' }), message(3)]);
    expect(both.map((one) => one.text)).toEqual(['at 1', 'newer', 'at 3']);
  });

  it('group by writer within five minutes', () => {
    expect(continues(message(0), message(299))).toBe(true);
    expect(continues(message(0), message(300))).toBe(false);
    expect(continues(message(0), message(9, { user: 'U2' }))).toBe(false);
    expect(continues(message(0, { reply_count: 1 }), message(9))).toBe(false);
  });
});

describe('addresses', () => {
  it.each([
    '/archives/C1?user=U1',
    '/archives/C1/p1700000000123456?thread_ts=1699999999.000001&user=U1',
    '/archives/D1?tab=home&user=U2',
  ])('%s names the place it was made for', (path) => {
    expect(pathOf(routeOf(new URL(path, 'http://127.0.0.1')))).toBe(path);
  });

  it('reads a message’s time out of a link', () => {
    const route = routeOf(new URL('/archives/C1/p1700000000000001', 'http://127.0.0.1'));
    expect(route).toEqual({ spot: { channel: 'C1', tab: 'messages', at: '1700000000.000001' } });
  });
});
