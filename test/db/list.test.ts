import { beforeEach, describe, expect, it } from 'vitest';
import type { ListFilter } from '../../src/conductor/ports/event-store.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { defined } from '../../src/defined.ts';
import { LIVE, TERMINAL } from '../../src/deployment/lifecycle.ts';
import type { RequiredSignOff } from '../../src/terms/approval.ts';
import { DAY, HOUR } from '../../src/time.ts';
import {
  CANCELLED,
  commitOf,
  DANA,
  goOf,
  OMAR,
  requestedBody,
  requestOf,
  SANA,
  SCHEDULED,
  STARTED,
  TOM,
} from './examples.ts';
import { freshFile, open } from './places.ts';

let stores: Stores;
const ids = async (filter: ListFilter) => (await stores.events.list(filter)).map(({ id }) => id);

beforeEach(async () => {
  stores = await open(freshFile());
});

describe('a list', () => {
  // 998 … 1004, so that the order of the numbers is not that of their text.
  beforeEach(async () => {
    for (let number = 998; number <= 1004; number += 1) {
      const request = requestOf(`D-${number}`, {
        service: number % 2 === 0 ? 'checkout' : 'search',
        environment: number % 3 === 0 ? 'staging' : 'production',
        requester: number < 1000 ? OMAR : DANA,
      });
      await stores.events.commit(request);
      await stores.events.commit(commitOf(request.after, [number < 1003 ? CANCELLED : SCHEDULED]));
    }
  });

  it('shows the newest request first, as many as asked for', async () => {
    expect(await ids({ limit: 3 })).toEqual(['D-1004', 'D-1003', 'D-1002']);
    expect(await ids({ limit: 99 })).toHaveLength(7);
    expect(await ids({ limit: 0 })).toEqual([]);
  });

  it('goes on where a page ended', async () => {
    const seen: string[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)) {
      const page = await ids({ limit: 2, ...defined({ before }) });
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen).toEqual(['D-1004', 'D-1003', 'D-1002', 'D-1001', 'D-1000', 'D-999', 'D-998']);
  });

  it.each<[Omit<ListFilter, 'limit'>, string[]]>([
    [{ service: 'search' }, ['D-1003', 'D-1001', 'D-999']],
    [{ environment: 'staging' }, ['D-1002', 'D-999']],
    [{ service: 'search', environment: 'production' }, ['D-1003', 'D-1001']],
    [{ statuses: LIVE }, ['D-1004', 'D-1003']],
    [{ statuses: ['scheduled', 'cancelled', 'cancelled'], before: 'D-1001' }, ['D-1000', 'D-999', 'D-998']],
    [{ statuses: [] }, []],
    [{ statuses: TERMINAL, service: 'checkout' }, ['D-1002', 'D-1000', 'D-998']],
    [{ statuses: TERMINAL, environment: 'staging' }, ['D-1002', 'D-999']],
    [{ statuses: TERMINAL, service: 'search', environment: 'production' }, ['D-1001']],
    [{ service: 'billing' }, []],
    [{ requestedBy: OMAR.id, statuses: TERMINAL }, ['D-999', 'D-998']],
    [{ requestedBy: OMAR.id, statuses: LIVE }, []],
  ])('shows only what %j asks for', async (filter, expected) => {
    expect(await ids({ ...filter, limit: 10 })).toEqual(expected);
  });

  it('K-7: finds what somebody asked for behind any number of what others asked for', async () => {
    expect(await ids({ requestedBy: OMAR.id, statuses: ['cancelled'], limit: 1 })).toEqual(['D-999']);
  });

  it('merges statuses before it cuts', async () => {
    expect(await ids({ statuses: ['cancelled', 'scheduled'], limit: 3 })).toEqual([
      'D-1004',
      'D-1003',
      'D-1002',
    ]);
  });
});

describe('who a deployment waits for', () => {
  const tech: RequiredSignOff = { role: 'tech_lead', name: 'Tech lead', quorum: 1, asked: [TOM, OMAR] };
  const security: RequiredSignOff = {
    role: 'security',
    name: 'Security',
    quorum: 2,
    asked: [SANA, TOM, OMAR],
  };

  const waiting = async () => {
    const people = [DANA, TOM, SANA, OMAR];
    const lists = await Promise.all(people.map(({ id }) => ids({ waitingFor: id, limit: 5 })));
    return people.filter((_person, index) => lists[index]?.length === 1).map(({ name }) => name);
  };

  it('follows its sign-offs, role by role and quorum by quorum', async () => {
    const request = requestOf('D-1001', { required: [tech, security] });
    await stores.events.commit(request);
    expect(await waiting()).toEqual(['Tom', 'Sana', 'Omar']);

    // Sana has said go for the one role she was asked for, although it needs another.
    const first = commitOf(request.after, [goOf(request.after, 'security')], { by: SANA });
    await stores.events.commit(first);
    expect(await waiting()).toEqual(['Tom', 'Omar']);

    // Tom filled that role, and one person fills one: Omar alone is still asked as tech lead.
    const second = commitOf(first.after, [goOf(request.after, 'security')], { by: TOM });
    await stores.events.commit(second);
    expect(await waiting()).toEqual(['Omar']);

    const third = commitOf(second.after, [goOf(request.after, 'tech_lead')], { by: OMAR });
    await stores.events.commit(third);
    expect(await waiting()).toEqual([]);
  });

  it('CH-7: is everyone again when the sign-offs fell with the envelope', async () => {
    const request = requestOf('D-1001', { required: [tech] });
    const signed = commitOf(request.after, [goOf(request.after, 'tech_lead')], { by: TOM });
    const {
      envelopeHash,
      terms: { envelope, details },
    } = requestedBody({ version: 'v2.1.1' });
    const changes = ['version v2.1.0 → v2.1.1'];
    const revised = {
      type: 'revised' as const,
      terms: { envelope, details },
      envelopeHash,

      changes,
      falls: [{ role: 'tech_lead', person: TOM, why: 'version' }],
      wrote: ['version' as const],
    };
    await stores.events.commit(request);
    await stores.events.commit(signed);
    expect(await waiting()).toEqual([]);
    await stores.events.commit(commitOf(signed.after, [revised]));
    expect(await waiting()).toEqual(['Tom', 'Omar']);
  });

  it('CH-6: is neither who asked for it nor who leads it', async () => {
    await stores.events.commit(
      requestOf('D-1001', { required: [tech, security], requester: TOM, lead: SANA }),
    );
    expect(await waiting()).toEqual(['Omar']);
  });

  it.each([
    ['it was cancelled', [CANCELLED]],
    ['it has started', [SCHEDULED, STARTED]],
  ])('is nobody once %s', async (_what, events) => {
    const request = requestOf('D-1001', { required: [tech, security] });
    await stores.events.commit(request);
    await stores.events.commit(commitOf(request.after, events));
    expect(await waiting()).toEqual([]);
  });

  it('CH-1: is its lead as well while an emergency owes its approvals, beside those who can give them', async () => {
    const owed = { within: DAY, remindEvery: HOUR, documentation: true };
    const workdays = { timeZone: 'UTC', holidays: [] };
    const approval = { when: 'afterwards' as const, leadTime: 0, workdays, owed };
    const request = requestOf('D-1001', { required: [tech], approval });
    await stores.events.commit(request);
    await stores.events.commit(commitOf(request.after, [SCHEDULED, STARTED]));
    expect(await waiting()).toEqual(['Dana', 'Tom', 'Omar']);
  });

  it('can be asked together with all the rest', async () => {
    const parts = { required: [tech] };
    await stores.events.commit(requestOf('D-999', { ...parts, service: 'a' }));
    await stores.events.commit(requestOf('D-1000', { ...parts, service: 'b' }));
    await stores.events.commit(requestOf('D-1001', { ...parts, service: 'a', environment: 'staging' }));
    const tom = { waitingFor: TOM.id, limit: 5 };
    expect(await ids(tom)).toEqual(['D-1001', 'D-1000', 'D-999']);
    expect(await ids({ ...tom, limit: 1 })).toEqual(['D-1001']);
    expect(await ids({ ...tom, before: 'D-1001' })).toEqual(['D-1000', 'D-999']);
    expect(await ids({ ...tom, service: 'a' })).toEqual(['D-1001', 'D-999']);
    expect(await ids({ ...tom, service: 'a', environment: 'staging' })).toEqual(['D-1001']);
    expect(await ids({ ...tom, statuses: ['scheduled'] })).toEqual([]);
    expect(await ids({ ...tom, statuses: [] })).toEqual([]);
    expect(await ids({ waitingFor: DANA.id, limit: 5 })).toEqual([]);
  });
});
