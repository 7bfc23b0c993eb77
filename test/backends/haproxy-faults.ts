/** What goes wrong at HAProxy's runtime API: a socket before its own, which answers in its place where it is told to. */

import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Fault, type Faults, hurried, standingStill } from './faults.ts';
import type { HaproxyRig } from './haproxy-rig.ts';

const NO_HTTP = 'a socket knows no credentials and no limits: who may open it, may command';

export const CANNOT_AT_HAPROXY = {
  'the credentials are not accepted (401)': NO_HTTP,
  'it is in conflict with another, without end (409)': 'the last command stands',
  'what was told is invalid there (422)':
    'shares and groups are checked before; what HAProxy refuses afterwards is told as a problem',
  'it is busy, and says until when (429)': NO_HTTP,
  losesAnswer: 'a command is accepted once HAProxy has shown its servers: what is told comes after that',
  cutsWatch: 'it is asked, and not watched',
  clockAhead: 'it answers without a time',
};

export async function haproxyFaults(
  rig: HaproxyRig,
): Promise<{ through: string; faults: Omit<Faults, keyof typeof CANNOT_AT_HAPROXY> }> {
  const through = join(rig.folder, 'through.sock');
  let holding: (() => Promise<void>) | undefined;
  let answer: ((socket: Socket) => void) | undefined;
  const server = createServer({ allowHalfOpen: true }, (from) => {
    from.on('error', () => {});
    if (answer !== undefined) return answer(from);
    const to = connect(rig.socket);
    to.on('error', () => from.destroy());
    to.pipe(from);
    from.on('data', async (command) => {
      if (/^set server/.test(command.toString())) await holding?.();
      to.write(command);
    });
  });
  await new Promise<void>((resolve) => server.listen(through, resolve));
  server.unref();
  const answering = (other: (socket: Socket) => void, words: RegExp): Fault => ({
    begin() {
      answer = other;
      return () => {
        answer = undefined;
      };
    },
    words,
  });
  const saying = (text: string, words: RegExp): Fault => answering((socket) => void socket.end(text), words);

  return {
    through,
    faults: {
      'a permission is missing (403)': saying('Permission denied\n\n', /needs "level admin"/),
      'there is no such thing (404)': saying("Can't find backend.\n\n", /be_checkout.*Can't find backend/),
      'it fails (503)': answering((socket) => void socket.end(), /closed before the end of its answer/),
      'it does not answer in time': {
        begin() {
          const restore = hurried();
          answer = () => {};
          return () => {
            restore();
            answer = undefined;
          };
        },
        words: /did not answer within 5 s/,
      },
      'its answer is huge': saying('x'.repeat(4_000_001), /answers too much/),
      'its answer is not as agreed': saying('HTTP/1.0 400 Bad request\n\n', /is not HAProxy's runtime API/),
      standsStill() {
        const still = standingStill();
        holding = () => {
          holding = undefined;
          return still.hold();
        };
        return still;
      },
      async deleted() {
        await rig.stopHaproxy();
        rig.removeServer('green1');
        await rig.startHaproxy();
        // What HAProxy does not know has no traffic: going back needs nothing of it.
        return { words: /backend be_checkout has no server green1/, back: 'done' };
      },
      async changedByAnother() {
        await rig.byHand(
          'set server be_checkout/green1 weight 100',
          'set server be_checkout/blue1 weight 100',
        );
        return { stable: 'v2.0.4', canary: 'v2.1.0', weight: 50 };
      },
    },
  };
}
