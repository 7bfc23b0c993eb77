/** What the world is told after each event: commands, and the messages that show it. */

import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/deployment/effects.ts';
import { messageKey } from '../../src/deployment/effects.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { renderNote } from '../../views/notes.ts';
import { backend, clock, dana, omar, paul, ruth, sana, tom } from './builders.ts';
import { gate, item, needs, report } from './readiness-builders.ts';
import { observed, type World, worldAt } from './world.ts';

/** `note!` is a note that also reaches the channel. */
function inShort(effect: Effect): string {
  if (effect.kind !== 'show') return effect.kind;
  const { message } = effect;
  if (message.kind === 'note') return message.broadcast ? 'note!' : 'note';
  return messageKey(message);
}

const APPROVERS = ['dm:U-TOM', 'dm:U-SANA', 'dm:U-PAUL'];

/** The effects of the last event of a type. */
function told(world: World, type: string): string[] {
  const done = world.done.findLast(({ event }) => event.type === type);
  if (done === undefined) throw new Error(`there was no ${type}`);
  return done.effects.map(inShort);
}

const CASES: Record<string, { story: () => World; effects: string[] }> = {
  requested: { story: () => worldAt('preparing'), effects: ['card', 'note', ...APPROVERS] },
  // Whoever waits for another role reads what they read before.
  signed: { story: () => worldAt('scheduled'), effects: ['card', 'note', 'dm:U-SANA', 'dm:U-PAUL'] },
  scheduled: { story: () => worldAt('scheduled'), effects: ['card', ...APPROVERS] },
  revised: {
    story: () => {
      const world = worldAt('scheduled');
      const { envelope, details } = world.d.terms;
      world.tell({ kind: 'revise', terms: { envelope, details: { ...details, summary: 'x' } } }, ruth);
      return world;
    },
    // Those whose gos stand read other words now.
    effects: ['card', 'note', ...APPROVERS, 'nudge:5:U-TOM', 'nudge:5:U-SANA'],
  },
  sign_off_withdrawn: {
    story: () => {
      const world = worldAt('scheduled');
      world.tell({ kind: 'withdraw' }, tom);
      return world;
    },
    effects: ['card', 'note', ...APPROVERS],
  },
  rejected: { story: () => worldAt('rejected'), effects: ['card', 'note', ...APPROVERS] },
  expired: { story: () => worldAt('expired'), effects: ['card', 'note', ...APPROVERS] },
  cancelled: { story: () => worldAt('cancelled'), effects: ['card', 'note', ...APPROVERS] },
  attempt_refused: {
    story: () => {
      const world = worldAt('preparing');
      world.sign(paul);
      return world;
    },
    effects: ['card'],
  },
  started: { story: () => worldAt('shifting'), effects: ['supersede', 'card', 'note!'] },
  step_started: { story: () => worldAt('shifting'), effects: ['apply', 'card', 'note', 'stage:1'] },
  step_completed: { story: () => worldAt('watching'), effects: ['card', 'stage:1'] },
  looked: { story: () => looked(), effects: ['card', 'stage:1'] },
  held: { story: () => worldAt('held watching'), effects: ['card', 'note!', 'stage:1', 'nudge:9:U-OMAR'] },
  resumed: {
    story: () => resumed(),
    effects: ['apply', 'card', 'note', 'stage:1', 'note!', 'nudge:7:U-OMAR'],
  },
  extended: {
    story: () => {
      const world = worldAt('watching');
      world.tell({ kind: 'extend', by: HOUR }, dana);
      return world;
    },
    effects: ['card', 'note', 'stage:1'],
  },
  promoted: { story: () => worldAt('verifying'), effects: ['card', 'note', 'stage:2'] },
  verification_started: { story: () => worldAt('verifying'), effects: ['card', 'stage:3'] },
  verified: { story: () => worldAt('observing'), effects: ['card', 'note!'] },
  handed_over: { story: () => worldAt('handed_over'), effects: ['card', 'note'] },
  rollback_started: {
    story: () => worldAt('rolling_back'),
    effects: ['roll_back', 'stop_further', 'card', 'note', 'stage:1'],
  },
  rollback_repeated: { story: () => repeated(), effects: ['roll_back', 'card'] },
  rollback_moved: { story: () => movedBack(), effects: ['card', 'stage:3'] },
  rollback_explained: {
    story: () => {
      const world = worldAt('rolled_back');
      world.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
      return world;
    },
    effects: ['card', 'note'],
  },
  rolled_back: { story: () => worldAt('rolled_back'), effects: ['card', 'note!', 'stage:1'] },
  rollback_failed: {
    story: () => worldAt('failed'),
    effects: ['card', 'note!', 'stage:1', 'nudge:10:U-DANA', 'nudge:10:U-OMAR'],
  },
  backend_troubled: { story: () => troubled(), effects: ['card', 'note'] },
  backend_recovered: {
    story: () => {
      const world = troubled();
      world.shift();
      return world;
    },
    effects: ['card'],
  },
};

function looked(): World {
  const world = worldAt('watching');
  world.nextLook();
  return world;
}

function resumed(): World {
  const world = worldAt('held shifting');
  world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
  return world;
}

function repeated(): World {
  const world = worldAt('rolling_back');
  world.pass(MINUTE).shift(5);
  return world;
}

function movedBack(): World {
  const world = worldAt('verifying');
  world.tell({ kind: 'roll_back', why: 'errors' }, omar);
  world.pass(SECOND).shift(50);
  return world;
}

function troubled(): World {
  const world = worldAt('watching');
  world.tell({ kind: 'backend_unreachable', doing: 'observe', message: 'x' }, backend);
  return world;
}

describe('The world is told', () => {
  it.each(Object.entries(CASES))('after %s', (type, { story, effects }) => {
    expect(told(story(), type)).toEqual(effects);
  });

  it('nothing of a step that only watches', () => {
    const { done } = worldAt('watching');
    expect(done.at(-1)?.event.type).toBe('step_started');
    expect(done.at(-1)?.effects.map(inShort)).not.toContain('apply');
    const world = worldAt('held watching');
    world.pass(SECOND).tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(told(world, 'resumed')).toEqual(['card', 'note', 'stage:1', 'note!', 'nudge:9:U-OMAR']);
  });

  it('CH-5: on the change request as well that it has started', () => {
    const world = worldAt('preparing', { requirements: needs({ changeRequest: true }) });
    world.complete();
    world.sign(tom);
    world.sign(sana);
    world.observe();
    expect(told(world, 'started')).toContain('change_request');
  });

  it('once per person, whatever they were asked for', () => {
    const required = ['tech_lead', 'security'].map((role) => ({
      role,
      name: role,
      quorum: 1,
      asked: [tom, sana].flatMap((actor) => (actor.kind === 'person' ? [actor.person] : [])),
    }));
    expect(told(worldAt('preparing', { required }), 'requested')).toEqual([
      'card',
      'note',
      'dm:U-TOM',
      'dm:U-SANA',
    ]);
  });

  describe('of gates and ticks', () => {
    const gates = Array.from({ length: 12 }, (_, index) => gate(`gate_${index}`));
    const checklist = [item('notes'), item('plan'), item('drill', { before: 'hand_over' })];
    const asked = (): World => worldAt('preparing', { requirements: needs({ gates, checklist }) });

    it('GT-1: twelve passing reports make no line in the thread', () => {
      const world = asked();
      for (const [index, { id }] of gates.entries()) {
        const reports = [report(id, { at: world.now + index })];
        world.tell({ kind: 'wake' }, clock, { reports });
        expect(told(world, 'gate_reported')).toEqual(['card', ...APPROVERS]);
      }
      expect(world.events.filter(({ type }) => type === 'gate_reported')).toHaveLength(12);
    });

    it('GT-1: a failing one makes a line, and one after the start bothers no approver', () => {
      const world = asked();
      world.tell({ kind: 'wake' }, clock, { reports: [report('gate_0', { status: 'failed' })] });
      expect(told(world, 'gate_reported')).toEqual(['card', 'note', ...APPROVERS]);
      const late = worldAt('observing', {
        requirements: needs({ gates: [gate('smoke', { before: 'hand_over' })] }),
      });
      late.observe();
      late.tell(observed(late.now), backend, { reports: [report('smoke')] });
      expect(told(late, 'gate_reported')).toEqual(['card']);
    });

    it('GT-5: what one person ticks at once is one line', () => {
      const world = asked();
      const items = ['notes', 'plan', 'drill'].map((one) => ({ item: one, ticked: true }));
      world.tell({ kind: 'tick', items }, tom);
      const effects = world.done
        .filter(({ event }) => event.type === 'item_ticked')
        .map((one) => one.effects);
      expect(effects.map((shown) => shown.map(inShort))).toEqual([['card', 'note'], ['card'], ['card']]);
      world.pass(SECOND).tell({ kind: 'tick', items: [{ item: 'plan', ticked: false }] }, tom);
      expect(told(world, 'item_unticked')).toEqual(['card', 'note']);
      world.pass(SECOND).tell({ kind: 'tick', items: [{ item: 'plan', ticked: true }] }, tom);
      expect(told(world, 'item_ticked')).toEqual(['card', 'note']);
    });

    it('GT-5: what one person opens again at once is one line, which calls its lead once', () => {
      const world = asked();
      const all = ['notes', 'plan', 'drill'];
      world.tell({ kind: 'tick', items: all.map((one) => ({ item: one, ticked: true })) }, tom);
      world.pass(SECOND);
      world.tell({ kind: 'tick', items: all.map((one) => ({ item: one, ticked: false })) }, omar);
      const opened = world.done.filter(({ event }) => event.type === 'item_unticked');
      expect(opened.map(({ effects }) => effects.map(inShort))).toEqual([
        ['card', 'note'],
        ['card'],
        ['card'],
      ]);
      const [first] = opened;
      if (first?.event.type !== 'item_unticked') throw new Error('nothing was opened again');
      const line = renderNote(world.d, first.event)?.text ?? '';
      for (const { id, text } of world.d.terms.requirements.checklist)
        expect(line.includes(text)).toBe(all.includes(id));
      expect(line.split('it waits for that again')).toHaveLength(2);
    });
  });
});
