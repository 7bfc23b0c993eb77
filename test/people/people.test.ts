/** Who is this Slack user, and which roles do they hold: asked afresh for a decision, and a failed look-up is a no. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createPeople, type People } from '../../src/people/people.ts';
import type { Policy, Role } from '../../src/policy/policy.ts';
import { DAY, HOUR } from '../../src/time.ts';

const TOM = {
  id: 'U0TOM000001',
  team_id: 'T1',
  name: 'tom',
  tz: 'Europe/Berlin',
  profile: { display_name: 'Tom' },
};
const ROLES: Role[] = [
  { id: 'tech_lead', name: 'Tech lead', members: ['U0TOM000001'], usergroups: [] },
  { id: 'operations', name: 'Operations', members: [], usergroups: ['@ops'] },
];

let answers: Map<string, unknown>;
let group: string[] | Error;
let asked: string[];
let now: number;
/** What the record was told, or asked for. */
let written: string[];
let read: string[];
let isLocked: boolean;
let people: People;

beforeEach(() => {
  answers = new Map<string, unknown>([[TOM.id, TOM]]);
  group = [];
  asked = [];
  now = 0;
  written = [];
  read = [];
  isLocked = false;
  const kept = new Map<string, { json: unknown; fetchedAt: number }>();
  people = createPeople({
    async lookUp(id) {
      asked.push(id);
      const answer = answers.get(id);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async groupMembers() {
      if (group instanceof Error) throw group;
      return group;
    },
    policy: () =>
      ({
        timeZone: 'UTC',
        roles: new Map(ROLES.map((role) => [role.id, role])),
        scopedRoles: new Map(),
      }) as unknown as Policy,
    roleAt: (_service, id) => ROLES.find((role) => role.id === id),
    onCallAt: () => ({ usergroup: '@oncall' }),
    cache: {
      async get(id) {
        read.push(id);
        return kept.get(id);
      },
      async put(id, json, fetchedAt) {
        if (isLocked) throw new Error('locked');
        if (id === TOM.id) written.push(id);
        kept.set(id, { json, fetchedAt });
      },
    },
    clock: { now: () => now },
    log: createLog({ level: 'silent' }),
    teamId: () => 'T1',
  });
});

describe('what Slack says of somebody who clicks again', () => {
  it('stands in the record once a minute, and at once where it says something else', async () => {
    for (now of [0, 20_000, 59_999]) await people.resolve(TOM.id);
    expect(written).toEqual([TOM.id]);
    expect(await people.refusesToShow(TOM.id)).toBeUndefined();
    expect(read).toEqual([]);
    answers.set(TOM.id, { ...TOM, deleted: true });
    await people.resolve(TOM.id);
    expect(await people.remembered(TOM.id)).toMatchObject({ ok: false });
    answers.set(TOM.id, TOM);
    for (now of [60_000, 119_999, 120_000]) await people.resolve(TOM.id);
    expect(written).toHaveLength(4);
  });

  it('is written again where the record was locked, and read from it after a minute', async () => {
    isLocked = true;
    await people.resolve(TOM.id);
    isLocked = false;
    await people.resolve(TOM.id);
    expect(written).toEqual([TOM.id]);
    now = 60_000;
    expect(await people.known(TOM.id)).toMatchObject({ name: 'Tom' });
    expect(read).toEqual([TOM.id]);
  });
});

describe('what a form offers somebody', () => {
  it('CH-1: hangs on what Slack said in the last minute, their groups with it, and is asked again after that', async () => {
    group = [TOM.id];
    expect(await people.forForms(TOM.id)).toMatchObject({ ok: true, roles: ['tech_lead', 'operations'] });
    expect(await people.forForms(TOM.id)).toMatchObject({ ok: true, roles: ['tech_lead', 'operations'] });
    expect(asked).toHaveLength(1);
    group = [];
    now = 60_000;
    expect(await people.forForms(TOM.id)).toMatchObject({ ok: true, roles: ['tech_lead'] });
    expect(asked).toHaveLength(2);
  });

  it('CH-1: is not known where Slack does not say, and a no of Slack is a no', async () => {
    group = new Error('ratelimited');
    expect(await people.forForms(TOM.id)).toBeUndefined();
    answers.set(TOM.id, { ...TOM, is_restricted: true });
    expect(await people.forForms(TOM.id)).toMatchObject({ ok: false, why: 'guest' });
  });
});

describe('deciding who somebody is', () => {
  it('CH-6: resolves a member with their zone and the roles they hold, by name or by group', async () => {
    group = [TOM.id];
    expect(await people.resolve(TOM.id)).toEqual({
      ok: true,
      person: { id: TOM.id, name: 'Tom', tz: 'Europe/Berlin' },
      roles: ['tech_lead', 'operations'],
    });
  });

  it.each([
    ['deactivated', { deleted: true }],
    ['bot', { is_bot: true }],
    ['guest', { is_restricted: true }],
    ['guest', { is_ultra_restricted: true }],
    ['foreign', { team_id: 'T2' }],
    ['foreign', { is_stranger: true }],
  ])('CH-6: refuses somebody who is %s', async (why, change) => {
    answers.set(TOM.id, { ...TOM, ...change });
    expect(await people.resolve(TOM.id)).toMatchObject({
      ok: false,
      why,
      message: expect.stringContaining('nothing was done'),
    });
  });

  it('refuses whom Slack does not know, and whoever it answers nonsense about', async () => {
    expect(await people.resolve('U0NOBODY001')).toMatchObject({ ok: false, why: 'unknown' });
    answers.set(TOM.id, { id: 7 });
    expect(await people.resolve(TOM.id)).toMatchObject({ ok: false, why: 'unreachable' });
  });

  it('fails closed when Slack does not answer, however well the person is remembered', async () => {
    await people.resolve(TOM.id);
    answers.set(TOM.id, new Error('timeout'));
    expect(await people.resolve(TOM.id)).toMatchObject({ ok: false, why: 'unreachable' });
    answers.set(TOM.id, TOM);
    group = new Error('timeout');
    expect(await people.resolve(TOM.id)).toMatchObject({ ok: false, why: 'unreachable' });
  });

  it('asks Slack at every decision, so that a deactivation counts at once', async () => {
    await people.resolve(TOM.id);
    answers.set(TOM.id, { ...TOM, deleted: true });
    expect(await people.resolve(TOM.id)).toMatchObject({ ok: false, why: 'deactivated' });
    expect(asked).toEqual([TOM.id, TOM.id]);
  });
});

describe('who somebody was when Slack last said so, for a rollback', () => {
  const away = () => {
    answers.set(TOM.id, new Error('timeout'));
    group = new Error('timeout');
  };

  it('RB-1: holds the roles of the file, and those of groups that were seen within a day', async () => {
    group = [TOM.id];
    await people.resolve(TOM.id);
    away();
    now = DAY - 1;
    expect(await people.remembered(TOM.id)).toMatchObject({
      ok: true,
      person: { name: 'Tom' },
      roles: ['tech_lead', 'operations'],
    });
    now = DAY;
    expect(await people.remembered(TOM.id)).toMatchObject({ ok: true, roles: ['tech_lead'] });
  });

  it('RB-1: is nobody in particular where Slack never said, and nobody is asked', async () => {
    expect(await people.remembered('U0NEW000001')).toEqual({
      ok: true,
      person: { id: 'U0NEW000001', name: 'U0NEW000001', tz: 'UTC' },
      roles: [],
    });
    expect(asked).toEqual([]);
  });

  it('RB-1: is refused where they were a guest, deactivated or of another workspace', async () => {
    answers.set(TOM.id, { ...TOM, is_restricted: true });
    await people.resolve(TOM.id);
    away();
    expect(await people.remembered(TOM.id)).toMatchObject({ ok: false, why: 'guest' });
  });
});

describe('showing a name', () => {
  it('is content with what is remembered for a day', async () => {
    await people.known(TOM.id);
    now = DAY - HOUR;
    expect(await people.known(TOM.id)).toMatchObject({ name: 'Tom' });
    expect(asked).toHaveLength(1);
    now = DAY;
    await people.known(TOM.id);
    expect(asked).toHaveLength(2);
  });

  it('shows an older name, or the id, where Slack does not answer', async () => {
    answers.set('U0SANA00001', new Error('timeout'));
    expect(await people.known('U0SANA00001')).toEqual({ id: 'U0SANA00001', name: 'U0SANA00001', tz: 'UTC' });
    await people.known(TOM.id);
    now = 2 * DAY;
    answers.set(TOM.id, new Error('timeout'));
    expect(await people.known(TOM.id)).toMatchObject({ name: 'Tom' });
  });

  it('WN-5: takes the first of a user group for who is on call, and says where Slack does not', async () => {
    group = [TOM.id, 'U0OTHER0001'];
    expect(await people.onCall({ service: 'checkout' }, 0)).toBe(TOM.id);
    group = new Error('Slack is away');
    await expect(people.onCall({ service: 'checkout' }, 0)).rejects.toThrow('Slack is away');
  });

  it.each([{ deleted: true }, { is_restricted: true }, { is_bot: true }])(
    'CH-7: names nobody as holder of a role who cannot sign: %j',
    async (change) => {
      group = [TOM.id];
      answers.set(TOM.id, { ...TOM, ...change });
      expect(await people.inRole('operations', 'checkout')).toEqual([]);
    },
  );

  it('names each holder of a role once', async () => {
    group = [TOM.id, TOM.id];
    expect(await people.inRole('operations', 'checkout')).toEqual([{ id: TOM.id, name: 'Tom' }]);
    expect(await people.inRole('nobody', 'checkout')).toEqual([]);
  });
});

describe('whether somebody who was named is still there', () => {
  it.each([
    [{}, undefined],
    [{ deleted: true }, 'deactivated'],
    [{ is_restricted: true }, 'guest'],
    [{ is_ultra_restricted: true }, 'guest'],
    [{ is_bot: true }, 'bot'],
    [{ team_id: 'T2' }, 'foreign'],
  ])('WN-5: is asked afresh: %j is %s', async (change, why) => {
    await people.known(TOM.id);
    answers.set(TOM.id, { ...TOM, ...change });
    expect(await people.gone(TOM.id)).toBe(why);
  });

  it('WN-5: counts what Slack said last where it does not answer, and knows nothing where it never said', async () => {
    answers.set(TOM.id, { ...TOM, deleted: true });
    await people.gone(TOM.id);
    answers.set(TOM.id, new Error('Slack is away'));
    expect(await people.gone(TOM.id)).toBe('deactivated');
    answers.set('U0NEW000001', new Error('Slack is away'));
    expect(await people.gone('U0NEW000001')).toBe('unreachable');
    expect(await people.gone('U0NOBODY001')).toBe('unknown');
  });
});
