/** Asking for a deployment, changing the request, and taking it back. */

import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/deployment/canonical-json.ts';
import { decide } from '../../src/deployment/decide.ts';
import type { Facts } from '../../src/deployment/intents.ts';
import { envelopeHash, wordsHash } from '../../src/deployment/request/envelope.ts';
import { NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import type { Details } from '../../src/terms/change.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import {
  clock,
  DANA,
  dana,
  details,
  envelope,
  facts,
  inShort,
  OMAR,
  omar,
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
import { type Point, type World, worldAt } from './world.ts';

/** A checklist that nothing waits for. */
const ONE_ITEM: Requirements = {
  gates: [],
  checklist: [
    { id: 'notes', group: 'documentation', text: 'Notes are written', required: false, before: 'start' },
  ],
  changeRequest: false,
};

const ask = (change: Partial<Facts>, asked = request()) => decide(undefined, asked, facts(ruth, change));
const at = (instant: number) => request({ envelope: envelope({ start: { kind: 'at', at: instant } }) });

describe('A request', () => {
  it('is recorded with the hash of what will be signed and what runs now', () => {
    const decision = ask({});
    expect(inShort(decision)).toBe('accepted requested');
    expect(decision).toMatchObject({
      events: [
        {
          previous: 'v2.0.4',
          envelopeHash: envelopeHash(request().terms),
          terms: { required: [TECH_LEAD, SECURITY] },
        },
      ],
    });
  });

  it('is scheduled at once where no sign-off is asked for', () => {
    const decision = ask({}, request({ required: [] }));
    expect(decision).toMatchObject({ events: [{ type: 'requested' }, { type: 'scheduled', startAt: T0 }] });
  });

  it.each<{
    why: string;
    change: Partial<Facts>;
    asked?: ReturnType<typeof request>;
    code: string;
    says: RegExp;
  }>([
    {
      why: 'of who may not ask',
      change: { mayRequest: false },
      code: 'not_allowed',
      says: /can't ask for deployments of this kind/,
    },
    {
      why: 'of a machine',
      change: { actor: clock },
      code: 'not_allowed',
      says: /can't ask for deployments/,
    },
    {
      why: 'where another deployment is on its way',
      change: { occupiedBy: { id: 'D-7', version: 'v2.0.9', lead: OMAR } },
      code: 'occupied',
      says: /^checkout in production is taken: v2\.0\.9 .*D-7, lead Omar.*Wait.*or ask Omar/,
    },
    {
      why: 'for what runs already',
      change: { running: 'v2.1.0' },
      code: 'already_running',
      says: /^v2\.1\.0 already runs as checkout in production/,
    },
    {
      why: 'for a time that has passed',
      change: {},
      asked: at(T0 - 1),
      code: 'start_in_past',
      says: /passed.*later/,
    },
    {
      why: 'for a time in a hundred years (OP-9)',
      change: {},
      asked: at(T0 + 36_500 * DAY),
      code: 'start_too_far',
      says: /too far away.*at most 730 days ahead.*earlier/,
    },
    {
      why: 'for a time further ahead than the policy lets anybody plan (OP-9)',
      change: { calendar: { ...NO_CALENDAR, planAhead: 30 * DAY } },
      asked: at(T0 + 31 * DAY),
      code: 'start_too_far',
      says: /at most 30 days ahead/,
    },
  ])('is refused $why', ({ change, asked, code, says }) => {
    const decision = ask(change, asked);
    expect(decision).toMatchObject({ kind: 'refused', code, message: expect.stringMatching(says) });
    expect(decision).not.toHaveProperty('remark');
  });

  it('for this very instant is not in the past', () => {
    expect(inShort(ask({}, at(T0)))).toBe('accepted requested');
  });

  it('where nothing runs, or nobody could say what does, goes back to nothing', () => {
    const { taken } = facts(ruth);
    const unknown = decide(undefined, request(), {
      now: T0,
      actor: ruth,
      mayRequest: true,
      ...(taken && { taken }),
    });
    for (const decision of [ask({ running: null }), unknown])
      expect(decision).toMatchObject({ events: [{ previous: null }] });
  });

  it('changes nothing where it was made already', () => {
    expect(inShort(worldAt('preparing').ask(request(), ruth))).toBe('unchanged');
  });

  it('comes before everything else', () => {
    expect(decide(undefined, { kind: 'hold', reason: 'x' }, facts(dana))).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('/deploy list'),
    });
  });
});

describe('A change of the request', () => {
  const revise = (world: World, change: Partial<Envelope>, about: Partial<Details> = {}, actor = ruth) =>
    world.tell(
      {
        kind: 'revise',
        terms: {
          envelope: { ...world.d.terms.envelope, ...change },
          details: { ...world.d.terms.details, ...about },
        },
      },
      actor,
    );
  const plan = { strategy: 'canary', steps: [{ kind: 'set-weight' as const, percent: 100 }] };

  it.each<{ what: string; change: Partial<Envelope>; says: string; why: string }>([
    {
      what: 'version',
      change: { version: 'v2.1.1' },
      says: 'version v2.1.0 → v2.1.1',
      why: 'version v2.1.0 → v2.1.1',
    },
    {
      what: 'commit',
      change: { sha: 'abcdef0123456789' },
      says: 'commit 3f9c2e1 → abcdef0',
      why: 'commit 3f9c2e1 → abcdef0',
    },
    { what: 'digest', change: { digest: 'sha256:bb' }, says: 'artifact digest', why: 'artifact digest' },
    {
      what: 'strategy',
      change: { plan: { ...plan, strategy: 'all' } },
      says: 'strategy canary → all',
      why: 'strategy canary → all',
    },
    { what: 'plan', change: { plan }, says: 'plan', why: 'plan' },
    {
      what: 'start',
      change: { start: { kind: 'at', at: T0 + HOUR } },
      says: 'start time',
      why: 'start time',
    },
  ])('CH-7: of the $what makes the gos fall, and says which and why', ({ change, says, why }) => {
    const world = worldAt('scheduled');
    const decision = revise(world, change);
    expect(inShort(decision)).toBe('accepted revised');
    expect(decision).toMatchObject({
      events: [
        {
          changes: [says],
          falls: [
            { role: 'tech_lead', person: TOM, why },
            { role: 'security', person: SANA, why },
          ],
        },
      ],
    });
    expect(world.d.status).toBe('preparing');
    expect(world.d.approval.signOffs.map(({ fallen }) => fallen)).toEqual([why, why]);
    world.sign(tom);
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
  });

  it('CH-7: names only the roles that had signed', () => {
    const world = worldAt('preparing');
    world.sign(sana);
    expect(revise(world, { version: 'v2.1.1' })).toMatchObject({
      events: [{ falls: [{ role: 'security' }] }],
    });
  });

  it('CH-7: back to what was signed does not raise a go that fell', () => {
    const world = worldAt('scheduled');
    revise(world, { version: 'v2.1.1' });
    revise(world, { version: 'v2.1.0' });
    expect(world.d).toMatchObject({ status: 'preparing' });
    expect(inShort(world.sign(tom))).toBe('accepted signed');
  });

  it.each<{ what: string; about: Partial<Details>; says: string }>([
    { what: 'summary', about: { summary: 'Adds Google Pay' }, says: 'summary' },
    { what: 'on-call', about: { onCall: SANA }, says: 'on-call Omar → Sana' },
    { what: 'lead', about: { lead: OMAR }, says: 'lead Dana → Omar' },
  ])('CH-7: of the $what alone keeps the gos', ({ about, says }) => {
    const world = worldAt('scheduled');
    const decision = revise(world, {}, about);
    expect(inShort(decision)).toBe('accepted revised scheduled');
    expect(decision).toMatchObject({ events: [{ changes: [says], falls: [] }, { startAt: world.now }] });
    expect(world.d.status).toBe('scheduled');
  });

  describe('that rebases it', () => {
    const tree = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
    const rebased = { sha: 'abcdef0123456789' };
    const signedWith = (known: Partial<Envelope>) =>
      worldAt('scheduled', { envelope: envelope(known), requirements: ONE_ITEM });

    it('CH-7: keeps the gos and the ticks where the tree is the same', () => {
      const world = signedWith({ tree });
      world.tell({ kind: 'tick', items: [{ item: 'notes', ticked: true }] }, dana);
      const decision = revise(world, rebased);
      expect(inShort(decision)).toBe('accepted revised scheduled');
      expect(decision).toMatchObject({
        events: [{ changes: ['commit 3f9c2e1 → abcdef0 (its tree is the same)'], falls: [] }, {}],
      });
      expect(world.d.evidence.ticks).toHaveLength(1);
    });

    it.each<{ what: string; change: Partial<Envelope> }>([
      {
        what: 'the tree is another',
        change: { ...rebased, tree: 'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0' },
      },
      { what: 'the artifact is another', change: { ...rebased, digest: 'sha256:bb' } },
    ])('CH-7: makes the gos fall where $what', ({ change }) => {
      const world = signedWith({ tree });
      world.tell({ kind: 'tick', items: [{ item: 'notes', ticked: true }] }, dana);
      expect(revise(world, change)).toMatchObject({
        events: [{ falls: [{ role: 'tech_lead' }, { role: 'security' }], unticked: ['notes'] }],
      });
      expect(world.d.evidence.ticks).toEqual([]);
    });
  });

  it('CH-6: to a lead who had signed makes their go fall, for nobody approves their own deployment', () => {
    const world = worldAt('scheduled');
    const decision = revise(world, {}, { lead: TOM });
    expect(inShort(decision)).toBe('accepted revised');
    expect(decision).toMatchObject({ events: [{ falls: [{ role: 'tech_lead', why: 'Tom leads it' }] }] });
    expect(world.d.approval.signOffs.map(({ fallen }) => fallen)).toEqual(['Tom leads it', undefined]);
    expect(world.d.status).toBe('preparing');
  });

  it('schedules where no sign-off is asked for', () => {
    const world = worldAt('preparing', { required: [] });
    expect(inShort(revise(world, { version: 'v2.1.1' }))).toBe('accepted revised scheduled');
  });

  it('to the same is no change, whatever the order of its words', () => {
    const world = worldAt('scheduled');
    expect(inShort(revise(world, {}))).toBe('unchanged');
    const reordered = JSON.parse(canonicalJson(world.d.terms.envelope)) as Envelope;
    expect(inShort(revise(world, reordered))).toBe('unchanged');
  });

  it.each<{ why: string; change: Partial<Envelope>; code: string; says: RegExp }>([
    {
      why: 'to another service',
      change: { service: 'search' },
      code: 'stale',
      says: /cancel this deployment/,
    },
    { why: 'to another place', change: { environment: 'staging' }, code: 'stale', says: /ask for another/ },
    {
      why: 'to what runs',
      change: { version: 'v2.0.4' },
      code: 'already_running',
      says: /^v2\.0\.4 already/,
    },
    {
      why: 'to a time that passed',
      change: { start: { kind: 'at', at: T0 - 1 } },
      code: 'start_in_past',
      says: /later/,
    },
  ])('is refused $why', ({ change, code, says }) => {
    expect(revise(worldAt('preparing'), change)).toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
  });

  it('keeps a planned time that has just passed', () => {
    const start = { kind: 'at' as const, at: T0 + MINUTE };
    const world = worldAt('preparing', { envelope: envelope({ start }) });
    world.pass(2 * MINUTE);
    expect(inShort(revise(world, {}, { summary: 'other words' }))).toBe('accepted revised');
  });

  it('is refused where someone else changed it since it was opened', () => {
    const world = worldAt('preparing');
    const seen = world.d.envelopeHash;
    revise(world, { version: 'v2.1.1' }, {}, dana);
    const late = {
      kind: 'revise' as const,
      terms: { envelope: envelope(), details: details({ risk: 'high' }) },
    };
    expect(world.tell({ ...late, envelopeHash: seen }, ruth)).toMatchObject({
      code: 'stale',
      message: expect.stringContaining('Someone was faster'),
    });
    expect(inShort(world.ask({ ...late, envelopeHash: world.d.envelopeHash }, ruth))).toBe(
      'accepted revised',
    );
  });

  it('CH-7: is refused where it would put back a summary, with both values', () => {
    const world = worldAt('scheduled');
    const { envelopeHash: seen, terms } = world.d;
    const read = wordsHash(terms.details);
    revise(world, {}, { summary: 'Adds Apple Pay, behind a flag', lead: OMAR }, dana);
    const late = { kind: 'revise' as const, terms: { envelope: terms.envelope, details: terms.details } };
    expect(world.ask({ ...late, envelopeHash: seen, wordsHash: read }, ruth)).toMatchObject({
      code: 'stale',
      message:
        'Someone was faster: checkout v2.1.0 has changed since you opened this. lead: now "Omar", yours "Dana"; summary: now "Adds Apple Pay, behind a flag", yours "Adds Apple Pay". Open it again to change what is true now.',
    });
  });

  it.each<Point>(['shifting', 'held watching', 'observing', 'handed_over', 'cancelled', 'rolled_back'])(
    'is refused when it is %s',
    (point) => {
      expect(revise(worldAt(point), { version: 'v2.2.0' })).toMatchObject({
        code: 'wrong_status',
        message: expect.stringContaining('started or ended'),
      });
    },
  );

  it('is for the lead and who asked, and the refusal names them', () => {
    const world = worldAt('preparing');
    expect(inShort(revise(world, { version: 'v2.1.1' }, {}, dana))).toBe('accepted revised');
    const decision = revise(world, { version: 'v2.1.2' }, {}, omar);
    expect(inShort(decision)).toBe('refused not_allowed + attempt_refused');
    expect(decision).toMatchObject({
      message:
        "You can't change checkout v2.1.1: ask Dana (lead) or Ruth (asked for it). Nothing was recorded but this try.",
    });
  });
});

describe('Taking the request back', () => {
  it.each<Point>(['preparing', 'scheduled'])('ends it when it is %s', (point) => {
    const world = worldAt(point);
    expect(inShort(world.tell({ kind: 'cancel', reason: 'not today' }, dana))).toBe('accepted cancelled');
    expect(world.d).toMatchObject({
      status: 'cancelled',
      ending: { at: world.now, reason: 'not today', by: DANA },
    });
  });

  it.each<{ point: Point; says: RegExp }>([
    { point: 'shifting', says: /has started: hold it or roll it back/ },
    { point: 'held watching', says: /has started: hold it or roll it back/ },
    { point: 'observing', says: /has started/ },
    { point: 'handed_over', says: /has ended already/ },
    { point: 'cancelled', says: /has ended already/ },
  ])('is refused when it is $point, with what to do instead', ({ point, says }) => {
    expect(worldAt(point).tell({ kind: 'cancel' }, ruth)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringMatching(says),
    });
  });

  it('is not for everyone', () => {
    expect(inShort(worldAt('preparing').tell({ kind: 'cancel' }, tom))).toBe(
      'refused not_allowed + attempt_refused',
    );
  });

  it('is left to no one but the clock when nobody comes', () => {
    const world = worldAt('preparing');
    expect(inShort(world.pass(7 * DAY - 1).wake())).toBe('unchanged');
    expect(inShort(world.pass(1).wake())).toBe('accepted expired');
    expect(world.d.ending).toMatchObject({ reason: 'its sign-offs did not come in time' });
  });
});
