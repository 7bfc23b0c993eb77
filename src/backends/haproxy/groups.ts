/** Two groups of servers, of which one has the traffic: which of them runs a version, and how much of the traffic it gets. */

import { BackendError } from '../port.ts';
import type { Wanted } from './app.ts';
import { FULL_WEIGHT, type Setting, settingsFor } from './asserted.ts';
import type { Doing } from './doing.ts';
import type { Fleet } from './fleet.ts';
import type { Order } from './journal.ts';
import type { Admin, ServerState } from './runtime-api.ts';
import { busiest, groupsOf, runsAll, type SeenServer } from './seen.ts';
import type { Servers } from './servers.ts';
import { weightsFor } from './weights.ts';

type Look = Fleet['see'];

export interface Groups {
  /** Its group runs the version and is healthy; the traffic stays where it is. Answers with the group. `look`: how the servers are seen. */
  standUp(wanted: Wanted, doing: Doing, look?: Look): Promise<string>;
  /** As `standUp`, and then its group gets so much of the traffic. */
  share(order: Order & { kind: 'share' }, doing: Doing): Promise<void>;
  /** `leftOut`: drained servers finish what they have, those in maintenance lose the people that a cookie brings back, too. */
  setShare(group: string, percent: number, leftOut: Admin, doing: Doing): Promise<void>;
  /** The group that has the traffic runs the version, where it is. */
  replace(wanted: Wanted, doing: Doing, look?: Look): Promise<void>;
  /** Whatever runs another version, and has no traffic any more, is out of the way. */
  retire(version: string, doing: Doing): Promise<void>;
}

export function createGroups({ groupOf, states, see, assert, bring, onto, awaitHealthy }: Servers): Groups {
  async function standUp(wanted: Wanted, doing: Doing, look: Look = see): Promise<string> {
    const { group, servers, runs } = groupFor(wanted, await look(doing.signal));
    if (!runs) await bring(servers, wanted, doing);
    await awaitHealthy(servers, doing);
    return group;
  }

  async function setShare(group: string, percent: number, leftOut: Admin, doing: Doing): Promise<void> {
    const servers = await states(doing.signal);
    const isMine = ({ name }: ServerState): boolean => groupOf.get(name) === group;
    const mine = servers.filter(isMine);
    const others = servers.filter((server) => !isMine(server));
    await assert(settingsOfShare(mine, others, { percent, leftOut }), doing);
  }

  return {
    standUp,
    setShare,
    async share({ percent, ...wanted }, doing) {
      const group = await standUp(wanted, doing);
      doing.still();
      await setShare(group, percent, 'drain', doing);
    },
    async replace(wanted, doing, look = see) {
      const servers = await look(doing.signal);
      const group = groupsOf(servers).get(busiest(servers)) ?? [];
      await onto(group, wanted, doing);
      await awaitHealthy(group, doing);
      await setShare(group[0]?.group ?? '', 100, 'drain', doing);
    },
    async retire(version, doing) {
      const servers = await see(doing.signal);
      const old = servers.filter(({ runs, admin }) => runs?.version !== version && admin !== 'ready');
      doing.still();
      await assert(settingsFor(old, 'maint'), doing);
    },
  };
}

/** The group that runs it, or is to be made to run it: never one that has the traffic. */
function groupFor(
  { version, digest }: Wanted,
  servers: readonly SeenServer[],
): { group: string; servers: readonly SeenServer[]; runs: boolean } {
  const groups = groupsOf(servers);
  const there = [...groups].find(([, group]) => runsAll(group, version, digest))?.[0];
  const idle = [...groups.keys()].find((group) => group !== busiest(servers));
  // A version that has traffic already is where it is; of a fresh setting, in which all run it, the idle one is taken.
  const group = there ?? idle;
  if (group === undefined) {
    throw new BackendError('one group of servers cannot hold two versions: name a second under groups', {
      final: true,
    });
  }
  return { group, servers: groups.get(group) ?? [], runs: there !== undefined };
}

/** First the way in, then the way out: at no moment is nobody there. */
function settingsOfShare(
  mine: readonly ServerState[],
  others: readonly ServerState[],
  { percent, leftOut }: { percent: number; leftOut: Admin },
): Map<string, Setting> {
  const whole = percent >= 100;
  const weights =
    whole || others.length === 0
      ? { share: FULL_WEIGHT, rest: FULL_WEIGHT }
      : weightsFor(percent, { share: mine.length, rest: others.length });
  return new Map([
    ...settingsFor(mine, 'ready', weights.share),
    ...settingsFor(others, whole ? leftOut : 'ready', weights.rest),
  ]);
}
