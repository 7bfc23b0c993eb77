/** A go counts at the start only of whoever may still give it (CH-7). */

import { describe, expect, it } from 'vitest';
import { signersOf } from '../../src/deployment/approval/signers.ts';
import { nextWake } from '../../src/deployment/next-wake.ts';
import { expiresAt } from '../../src/deployment/start/expiry.ts';
import { NO_CALENDAR, type Signer } from '../../src/policy/calendar/blockers.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import {
  backend,
  dana,
  details,
  envelope,
  inShort,
  PAUL,
  paul,
  request,
  ruth,
  SANA,
  SECURITY,
  sana,
  T0,
  TECH_LEAD,
  TOM,
  tom,
} from './builders.ts';
import { observed, World, worldAt } from './world.ts';

const holds = (id: string, ...roles: string[]): Signer => ({ id, roles });
const gone = (id: string, why: Extract<Signer, { why: string }>['why']): Signer => ({ id, why });
const FINE = [holds(TOM.id, 'tech_lead'), holds(SANA.id, 'security')];

function startWith(world: World, signers: Signer[]) {
  const calendar = { ...NO_CALENDAR, signers };
  return world.tell(observed(world.now), backend, { calendar });
}

describe('those who said go, asked for again at the start', () => {
  it('CH-7: let it start where they all hold their roles', () => {
    expect(inShort(startWith(worldAt('scheduled'), FINE))).toBe('accepted started step_started');
  });

  it.each<[string, Signer, string]>([
    ['lost the role', holds(TOM.id, 'security'), 'they do not hold the role Tech lead any more'],
    ['left', { id: TOM.id, why: 'deactivated' }, 'their account is deactivated'],
    ['became a guest', { id: TOM.id, why: 'guest' }, 'they are a guest now'],
    ['is not known any more', { id: TOM.id, why: 'unknown' }, 'Slack does not know them any more'],
  ])('CH-7: take their go along where one of them %s', (_, signer, why) => {
    const world = worldAt('scheduled');
    expect(startWith(world, [signer, holds(SANA.id, 'security')])).toMatchObject({
      events: [{ type: 'sign_offs_lost', falls: [{ role: 'tech_lead', person: TOM, why }] }],
    });
    expect(world.d).toMatchObject({
      status: 'preparing',
      approval: {
        signOffs: [{ fallen: why }, { role: 'security' }],
        reminders: [{ people: [world.d.terms.details.lead], about: 'lost' }],
      },
    });
    expect(world.d.start.at).toBeUndefined();
    expect(inShort(world.sign(tom))).toBe('accepted signed scheduled');
  });

  const handedOn = (): World => {
    const world = worldAt('preparing');
    world.tell({ kind: 'delegate', to: PAUL }, tom);
    world.sign(paul);
    world.sign(sana);
    return world;
  };

  it('CH-7: count by delegation as long as whoever handed it on may still sign', () => {
    expect(signersOf(handedOn().d)).toEqual([PAUL.id, TOM.id, SANA.id]);
    expect(inShort(startWith(handedOn(), [holds(PAUL.id), ...FINE]))).toBe('accepted started step_started');
    // Who holds the role now needs nobody's.
    const own = [holds(PAUL.id, 'tech_lead'), gone(TOM.id, 'deactivated'), holds(SANA.id, 'security')];
    expect(inShort(startWith(handedOn(), own))).toBe('accepted started step_started');
  });

  it.each<[string, Signer, string]>([
    ['left', gone(TOM.id, 'deactivated'), 'they signed for Tom: their account is deactivated'],
    ['lost the role', holds(TOM.id), 'they signed for Tom, who does not hold the role Tech lead any more'],
  ])('CH-7: fall where whoever handed it on %s, and cannot be given so again', (_, signer, why) => {
    const world = handedOn();
    expect(startWith(world, [holds(PAUL.id), signer, holds(SANA.id, 'security')])).toMatchObject({
      events: [{ type: 'sign_offs_lost', falls: [{ role: 'tech_lead', person: PAUL, why }] }],
    });
    expect(world.d.status).toBe('preparing');
    expect(world.sign(paul)).toMatchObject({ code: 'not_your_role' });
  });

  it('CH-7: wait where Slack does not say whether whoever handed it on may still sign', () => {
    for (const signers of [[holds(PAUL.id), gone(TOM.id, 'unreachable')], [holds(PAUL.id)]])
      expect(startWith(handedOn(), [...signers, holds(SANA.id, 'security')])).toMatchObject({
        events: [{ type: 'start_delayed', blockers: [{ key: `signer:${PAUL.id}:tech_lead` }] }],
      });
  });

  it.each<[string, Signer[]]>([
    ['Slack says nothing of one', [{ id: TOM.id, why: 'unreachable' }, holds(SANA.id, 'security')]],
    ['nobody asked about one', [holds(SANA.id, 'security')]],
  ])('CH-7: make it wait where %s, and nothing is asked of the record twice', (_, signers) => {
    const world = worldAt('scheduled');
    expect(startWith(world, signers)).toMatchObject({
      events: [{ type: 'start_delayed', blockers: [{ kind: 'signer', key: `signer:${TOM.id}:tech_lead` }] }],
    });
    world.pass(MINUTE);
    expect(startWith(world, signers).kind).toBe('unchanged');
    // Due, so that it is asked again every time.
    expect(nextWake(world.d)).toBeLessThanOrEqual(world.now);
    expect(inShort(startWith(world, FINE))).toBe('accepted started step_started');
  });

  it('CH-7: are waited for to the end of the window that was signed, and no longer', () => {
    const world = new World();
    const windows = [
      { name: 'daily', days: ['mon' as const, 'tue' as const], from: 600, to: 840, timeZone: 'UTC' },
    ];
    const calendar = { ...NO_CALENDAR, windows };
    const plan = { strategy: 'all', steps: [{ kind: 'set-weight' as const, percent: 100 }] };
    const at = T0 + HOUR;
    const asked = request({ envelope: envelope({ plan, start: { kind: 'at', at } }) });
    expect(world.tell(asked, ruth, { calendar }).kind).toBe('accepted');
    world.sign(tom, {});
    world.sign(sana, {});
    world.pass(HOUR);
    const unsure = { ...calendar, signers: [{ id: TOM.id, why: 'unreachable' as const }, ...FINE.slice(1)] };
    expect(inShort(world.tell(observed(world.now), backend, { calendar: unsure }))).toBe(
      'accepted start_delayed',
    );
    const closes = world.d.terms.envelope.window?.to ?? 0;
    expect(expiresAt(world.d)).toBe(closes);
    world.now = closes - 1;
    expect(world.tell({ kind: 'wake' }, backend, { calendar: unsure }).kind).not.toBe('refused');
    expect(world.d.status).toBe('scheduled');
    world.now = closes;
    world.tell({ kind: 'wake' }, backend, { calendar: unsure });
    expect(world.d).toMatchObject({
      status: 'expired',
      ending: { reason: 'Slack did not say in time whether those who said go may still sign' },
    });
  });

  it('CH-1: never keep an emergency waiting, and a go that is lost is owed', () => {
    const world = worldAt('preparing', {
      details: details({ changeType: 'emergency' }),
      required: [TECH_LEAD, SECURITY],
      envelope: envelope({ start: { kind: 'at', at: T0 + HOUR } }),
      approval: {
        when: 'afterwards',
        leadTime: 0,
        workdays: { timeZone: 'UTC', holidays: [] },
        owed: { within: 24 * HOUR, remindEvery: HOUR, documentation: false },
      },
    });
    world.sign(tom);
    world.pass(HOUR);
    const lost: Signer[] = [{ id: TOM.id, why: 'deactivated' }];
    expect(inShort(startWith(world, lost))).toBe('accepted sign_offs_lost scheduled');
    expect(inShort(startWith(world, []))).toBe('accepted started step_started');
    expect(world.d.approval.signOffs).toMatchObject([{ fallen: 'their account is deactivated' }]);
  });

  it('CH-7: are not asked about while it waits for its time', () => {
    const world = worldAt('scheduled', { envelope: envelope({ start: { kind: 'at', at: T0 + HOUR } }) });
    expect(inShort(world.tell({ kind: 'wake' }, dana, { calendar: NO_CALENDAR }))).toBe('unchanged');
  });
});
