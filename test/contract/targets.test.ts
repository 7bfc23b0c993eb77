import { describe, expect, it } from 'vitest';
import { contractTargets, figureOf, targetOf } from '../../src/contract/targets.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { contractIn, SMALLEST, WHOLE } from './documents.ts';

const targetsIn = (text: string) => contractTargets(contractIn(text));

describe('the figures of a contract', () => {
  it('HO-4: are understood with the line that says them', () => {
    const { targets, notUnderstood } = targetsIn(WHOLE);
    expect(targets.map(({ source, ...target }) => [target, source.line])).toEqual([
      [{ kind: 'rollback', within: 30 * MINUTE }, 53],
      [{ kind: 'deployment_time', within: HOUR }, 81],
      [{ kind: 'downtime', atMost: 0 }, 82],
      [{ kind: 'error_rate', limit: 1, bound: 'below' }, 83],
      [{ kind: 'performance', tolerance: 10 }, 84],
      [{ kind: 'user_issues', noneWithin: DAY }, 85],
      [{ kind: 'monitoring_coverage', atLeast: 100 }, 86],
      [{ kind: 'notice', ahead: DAY }, 109],
      [{ kind: 'all_clear', within: HOUR }, 111],
      [{ kind: 'window', within: 2 * DAY }, 116],
      [{ kind: 'validation', lasts: DAY }, 117],
      [{ kind: 'watching', lasts: 3 * DAY }, 118],
    ]);
    expect(notUnderstood.map(({ name, line }) => [name, line])).toEqual([['Handover', 119]]);
    expect(targetOf(targets, 'window')?.source.section).toBe('Timeline');
    expect(targetOf(targets, 'window')?.within).toBe(48 * HOUR);
  });

  it.for([
    ['Deployment time', '60 min', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', 'at most 1.5 hours', { kind: 'deployment_time', within: 90 * MINUTE }],
    ['Deployment time', 'more than 60 minutes', undefined],
    ['Deployment time', 'quick', undefined],
    ['Deployment time', '30 minutes in staging, 60 minutes in production', undefined],
    ['Downtime', 'none', { kind: 'downtime', atMost: 0 }],
    ['Downtime', 'under 5 min', { kind: 'downtime', atMost: 5 * MINUTE }],
    ['Downtime', 'as little as possible', undefined],
    ['Error rate', '≤ 0.5 %', { kind: 'error_rate', limit: 0.5, bound: 'at_most' }],
    ['Error rate', 'over 1 %', undefined],
    ['Error rate', 'below 150 %', undefined],
    ['Performance', 'within 5% tolerance', { kind: 'performance', tolerance: 5 }],
    ['Performance', '99% of requests answered', undefined],
    ['User impact', 'no reported issue in 24 hours', { kind: 'user_issues', noneWithin: DAY }],
    ['User impact', 'few reports within 24 hours', undefined],
    ['Monitoring coverage', 'at least 95 percent', { kind: 'monitoring_coverage', atLeast: 95 }],
    ['Monitoring coverage', 'under 95 percent', undefined],
    ['Rollback', 'in under 30 minutes', { kind: 'rollback', within: 30 * MINUTE }],
    ['Sales', '+10 %', undefined],
  ] as const)('HO-4: "%s: %s"', ([name, text, target]) => {
    expect(figureOf({ name, text })).toEqual(target);
  });

  it('HO-4: a second figure of the same kind is not taken for the first, and said to differ', () => {
    const { targets, notUnderstood } = targetsIn(
      SMALLEST.replace(
        '- **Downtime**: 0 minutes',
        '- **Downtime**: 0 minutes\n- **Planned downtime**: 5 minutes',
      ),
    );
    expect(targetOf(targets, 'downtime')?.atMost).toBe(0);
    expect(notUnderstood).toMatchObject([
      { name: 'Planned downtime', line: 17, why: 'line 16 says something else' },
    ]);
  });
});
