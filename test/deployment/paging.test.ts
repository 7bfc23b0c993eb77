/** Who is called beyond Slack, when, and until when: as a pure matter of the record. */

import { describe, expect, it } from 'vitest';
import { isStillWanted } from '../../src/deployment/command-effects.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Effect } from '../../src/deployment/effects.ts';
import { notificationOf } from '../../src/deployment/paging/notification.ts';
import { nextByTime } from '../../src/deployment/time-rules.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { renderCard } from '../../views/card.ts';
import { renderNote } from '../../views/notes.ts';
import { backend, dana, details, inShort, omar, paul, type RequestChange, safeguards } from './builders.ts';
import { observed, type Point, type World, worldAt } from './world.ts';

const PAGING = { notifiers: [{ name: 'ops', kind: 'log' }], after: 5 * MINUTE };
const at = (point: Point, change: RequestChange = {}): World => worldAt(point, { paging: PAGING, ...change });

type Notify = Extract<Effect, { kind: 'notify' }>;
const isNotify = (effect: Effect): effect is Notify => effect.kind === 'notify';

/** What the pager is told, in short: `trigger 9`. */
const told = (world: World): string[] =>
  world.done.flatMap(({ effects }) =>
    effects.filter(isNotify).map(({ tells, about }) => `${tells} ${about}`),
  );
const calls = (world: World): string[] =>
  told(world).filter((one) => !/^(started|verified|rolled_back)/.test(one));
const lastCall = (d: Deployment) => d.paging?.calls.at(-1);

/** Held by the engine: its health fails at nothing that may go back by itself. */
function heldByItself(world = at('watching')): World {
  for (let look = 0; look < 3; look += 1) world.nextLook({ noData: 'no answer' });
  if (world.d.status !== 'held') throw new Error(`it is ${world.d.status}`);
  return world;
}

const failing = (world: World) =>
  world.tell(observed(world.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);

describe('CM-1: a hold that nobody acts on', () => {
  it('calls once, five minutes after it began, and not before', () => {
    const world = heldByItself();
    const since = world.d.rollout?.hold?.at ?? 0;
    expect(nextByTime(world.d)).toBe(since + 5 * MINUTE);
    world.now = since + 5 * MINUTE - 1;
    expect(inShort(world.wake())).toBe('unchanged');
    world.pass(1);
    expect(inShort(world.wake())).toBe('accepted paged');
    expect(calls(world)).toEqual([`trigger ${world.d.seq}`]);
    world.pass(DAY).wake();
    expect(calls(world)).toHaveLength(1);
  });

  it('calls nobody where a person has acted since, or held it', () => {
    const explained = heldByItself();
    explained.tell({ kind: 'explain_hold', reason: 'I am on it' }, omar);
    const byHand = at('held watching');
    for (const world of [explained, byHand]) {
      world.pass(2 * HOUR).wake();
      expect(calls(world)).toEqual([]);
    }
  });

  it('is not silenced by somebody who may not act, nor by a tick', () => {
    const world = heldByItself();
    world.tell({ kind: 'resume' }, paul);
    world.tell({ kind: 'report_problem', impact: 'other', what: 'slow' }, dana);
    world.pass(5 * MINUTE).wake();
    expect(calls(world)).toHaveLength(1);
  });

  it('is acknowledged by "I have it", and over when it goes on', () => {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    const call = world.d.seq;
    expect(inShort(world.tell({ kind: 'take_page' }, paul))).toBe('refused not_allowed + attempt_refused');
    expect(inShort(world.tell({ kind: 'take_page' }, omar))).toBe('accepted page_taken');
    expect(world.tell({ kind: 'take_page' }, dana)).toMatchObject({
      message: 'Someone was faster: Omar has the page of checkout v2.1.0.',
    });
    world.tell({ kind: 'resume', reason: 'The source of metrics is back.' }, omar);
    expect(calls(world)).toEqual([`trigger ${call}`, `acknowledge ${call}`, `resolve ${call}`]);
  });

  it('is over at once where it is resumed, which says also that somebody was there', () => {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    const call = world.d.seq;
    world.tell({ kind: 'resume', reason: 'fine' }, dana);
    expect(calls(world)).toEqual([`trigger ${call}`, `resolve ${call}`]);
    expect(lastCall(world.d)).toMatchObject({ acknowledged: { by: { name: 'Dana' } }, over: {} });
  });

  it('calls again where it is held once more', () => {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    world.tell({ kind: 'resume', reason: 'fine' }, dana);
    for (let look = 0; look < 4 && world.d.status !== 'held'; look += 1)
      world.nextLook({ noData: 'no answer' });
    expect(world.d.status).toBe('held');
    world.pass(5 * MINUTE).wake();
    expect(calls(world).filter((one) => one.startsWith('trigger'))).toHaveLength(2);
  });

  it('calls nobody where the policy names no pager', () => {
    const world = heldByItself(worldAt('watching'));
    world.pass(DAY).wake();
    expect(told(world)).toEqual([]);
    expect(world.d.paging).toBeUndefined();
  });
});

describe('CM-1: a rollback', () => {
  it('calls at once where it begins by itself, and is over when it is back and somebody has seen it', () => {
    const world = at('watching');
    failing(world);
    expect(world.d.status).toBe('rolling_back');
    expect(nextByTime(world.d)).toBe(world.now);
    world.wake();
    const call = world.d.seq;
    expect(calls(world)).toEqual([`trigger ${call}`]);
    world.pass(SECOND).observe();
    expect(world.d.status).toBe('rolled_back');
    expect(calls(world)).toEqual([`trigger ${call}`]);
    world.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
    expect(calls(world)).toEqual([`trigger ${call}`, `resolve ${call}`]);
  });

  it('calls nobody where a person asked for it and it is back in time', () => {
    const world = at('rolled_back');
    world.pass(DAY).wake();
    expect(calls(world)).toEqual([]);
  });

  it('calls where it is not back within its target, whoever asked for it', () => {
    const world = at('rolling_back');
    world.pass(15 * MINUTE - 1).wake();
    expect(calls(world)).toEqual([]);
    world.pass(1).wake();
    expect(lastCall(world.d)).toMatchObject({
      matter: 'rollback_late',
      says: 'v2.0.4 is not back within its target of 15 min',
    });
    world.observe();
    expect(calls(world)).toEqual([expect.stringMatching(/^trigger/), expect.stringMatching(/^resolve/)]);
  });

  it('calls where it failed, and stays until somebody has said what happened', () => {
    const world = at('rolling_back');
    world.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
    world.tell({ kind: 'backend_refused', doing: 'roll_back', message: 'no such version' }, backend);
    expect(world.d.status).toBe('failed');
    world.wake();
    expect(lastCall(world.d)).toMatchObject({ matter: 'rollback_failed' });
    expect(lastCall(world.d)?.over).toBeUndefined();
    world.tell({ kind: 'take_page' }, omar);
    expect(lastCall(world.d)?.over).toBeUndefined();
    world.tell({ kind: 'explain_rollback', reason: 'put right by hand' }, omar);
    expect(calls(world).map((one) => one.split(' ')[0])).toEqual(['trigger', 'acknowledge', 'resolve']);
  });

  it('calls nobody where a person gave it up and put it right', () => {
    const world = at('rolling_back');
    world.tell({ kind: 'give_up_rollback', reason: 'restored by hand' }, omar);
    world.pass(DAY).wake();
    expect(calls(world)).toEqual([]);
  });

  it('RB-4: calls a second person where it breaks data, whom the first one cannot answer for', () => {
    const world = at('watching', { details: details({ database: 'breaking' }) });
    world.tell({ kind: 'roll_back', why: 'alerts', breaksData: 'accepted' }, omar);
    world.wake();
    expect(calls(world)).toHaveLength(1);
    world.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
    expect(world.tell({ kind: 'take_page' }, omar)).toMatchObject({ kind: 'refused', code: 'not_allowed' });
    expect(lastCall(world.d)?.acknowledged).toBeUndefined();
    expect(inShort(world.tell({ kind: 'take_page' }, dana))).toBe('accepted page_taken');
  });
});

describe('RB-4: hold_and_page', () => {
  const risky: RequestChange = {
    details: details({ database: 'breaking' }),
    safeguards: safeguards({ breaking: 'hold_and_page' }),
  };

  it('really pages, at once, and once', () => {
    const world = at('watching', risky);
    expect(inShort(failing(world))).toMatch(/^accepted held paged/);
    expect(lastCall(world.d)).toMatchObject({
      matter: 'data_at_risk',
      says: expect.stringMatching(/It is not rolled back by itself: .*point in time/),
    });
    failing(world);
    world.pass(HOUR).wake();
    expect(calls(world)).toHaveLength(1);
  });

  it('pages too where a person holds it already', () => {
    const world = at('held watching', risky);
    failing(world);
    expect(calls(world)).toHaveLength(1);
  });
});

describe('CM-1: what the pager is told', () => {
  it('reads what waits, how bad it is, and under one name until it is over', () => {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    world.tell({ kind: 'take_page' }, omar);
    const [trigger, acknowledge] = world.done
      .flatMap(({ effects }) => effects.filter(isNotify))
      .filter(({ tells }) => tells === 'trigger' || tells === 'acknowledge')
      .map((effect) => notificationOf(world.d, effect, 'https://shop.slack.com/archives/C1/p2'));
    expect(trigger).toMatchObject({
      tells: 'trigger',
      severity: 'error',
      about: 'held',
      summary: expect.stringMatching(/^checkout v2\.1\.0 in production \(D-1\): held, and nobody acts: /),
      lead: 'Dana',
      onCall: 'Omar',
      link: 'https://shop.slack.com/archives/C1/p2',
    });
    expect(trigger?.key).toMatch(/^gonogo\/checkout\/production\/D-1\/\d+$/);
    expect(acknowledge).toMatchObject({ tells: 'acknowledge', key: trigger?.key, by: 'Omar' });
  });

  it('hears of the start, of all traffic and of the way back, which call nobody', () => {
    const kinds = told(at('observing')).map((one) => one.split(' ')[0]);
    expect(kinds).toEqual(['started', 'verified']);
    expect(told(at('rolled_back')).map((one) => one.split(' ')[0])).toEqual(['started', 'rolled_back']);
  });

  it('wakes nobody any more for what somebody has meanwhile', () => {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    const trigger = world.done.at(-1)?.effects.find(isNotify);
    if (trigger === undefined) throw new Error('nobody is called');
    expect(isStillWanted(world.d, trigger)).toBe(true);
    world.tell({ kind: 'take_page' }, omar);
    expect(isStillWanted(world.d, trigger)).toBe(false);
  });
});

describe('CM-4: the card and the thread say how far the call has come', () => {
  const pager = { kind: 'system', name: 'pager' } as const;

  function called(): { world: World; call: number } {
    const world = heldByItself();
    world.pass(5 * MINUTE).wake();
    return { world, call: world.d.seq };
  }
  const note = (world: World, call: number): string => {
    const event = world.events.find(({ seq }) => seq === call);
    return (event && renderNote(world.d, event)?.text) ?? '';
  };

  it('called, taken, over', () => {
    const { world, call } = called();
    expect(renderCard(world.d).text).toContain('Calling ops since');
    world.tell({ kind: 'pager_called', call, notifier: 'ops' }, pager);
    expect(renderCard(world.d).text).toMatch(/ops called since .*, and nobody has it yet/);
    world.tell({ kind: 'take_page' }, omar);
    expect(renderCard(world.d).text).toMatch(/Omar has it since .* · ops was called/);
    expect(note(world, call)).toMatch(/ops called · Omar has it since/);
    world.tell({ kind: 'resume', reason: 'fine' }, omar);
    expect(renderCard(world.d).text).not.toContain('📟');
    expect(note(world, call)).toMatch(/over since/);
  });

  it('not reached: said once, with whom to call, until it is', () => {
    const { world, call } = called();
    const failed = { kind: 'pager_failed', call, notifier: 'ops', problem: 'no answer within 15 s' } as const;
    expect(inShort(world.tell(failed, pager))).toBe('accepted pager_failed');
    expect(inShort(world.tell(failed, pager))).toBe('unchanged');
    expect(renderCard(world.d).text).toMatch(
      /The pager ops cannot be reached since .*no answer within 15 s.*It is tried again\. Nobody else was woken/s,
    );
    world.tell({ kind: 'pager_called', call, notifier: 'ops' }, pager);
    expect(renderCard(world.d).text).not.toContain('cannot be reached');
    expect(inShort(world.tell(failed, pager))).toBe('unchanged');
  });

  it('offers "I have it" on the card while nobody has it', () => {
    const { world } = called();
    const has = () => JSON.stringify(renderCard(world.d).blocks).includes('card.take_page');
    expect(has()).toBe(true);
    world.tell({ kind: 'take_page' }, omar);
    expect(has()).toBe(false);
  });
});
