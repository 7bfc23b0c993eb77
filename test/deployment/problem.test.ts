import { describe, expect, it } from 'vitest';
import type { Impact } from '../../src/deployment/problem/impact.ts';
import { backend, dana, inShort, person, tom } from './builders.ts';
import { type Point, worldAt } from './world.ts';

const report = (impact: Impact, what = 'orders have no lines') => ({
  kind: 'report_problem' as const,
  impact,
  what,
});

describe('AN-4: a reported problem', () => {
  it.each<[Impact, Point, string]>([
    ['data_corruption', 'watching', 'accepted problem_reported rollback_started'],
    ['security_incident', 'held watching', 'accepted problem_reported rollback_started'],
    ['data_corruption', 'observing', 'accepted problem_reported rollback_started'],
    ['customers', 'watching', 'accepted problem_reported held'],
    ['other', 'verifying', 'accepted problem_reported held'],
    ['customers', 'observing', 'accepted problem_reported observation_unsettled'],
    ['customers', 'held watching', 'accepted problem_reported'],
    ['data_corruption', 'rolling_back', 'refused wrong_status'],
    ['data_corruption', 'preparing', 'refused wrong_status'],
    ['data_corruption', 'handed_over', 'refused wrong_status'],
  ])('%s while it is %s: %s', (impact, point, ends) => {
    expect(inShort(worldAt(point).tell(report(impact), dana))).toBe(ends);
  });

  it('is anybody who may hold it to say, and needs words', () => {
    expect(inShort(worldAt('watching').tell(report('data_corruption'), tom))).toContain('rollback_started');
    const stranger = person({ id: 'U-X', name: 'X' });
    expect(inShort(worldAt('watching').tell(report('data_corruption'), stranger))).toBe(
      'refused not_allowed + attempt_refused',
    );
    expect(inShort(worldAt('watching').tell(report('data_corruption'), backend))).toBe('refused not_allowed');
    expect(inShort(worldAt('watching').tell(report('customers', ' '), dana))).toBe('refused reason_needed');
  });

  it('names itself as the reason of the rollback', () => {
    const world = worldAt('watching');
    world.tell(report('data_corruption'), tom);
    expect(world.d.rollback).toMatchObject({
      why: 'data corruption: orders have no lines',
      by: { name: 'Tom' },
    });
  });
});
