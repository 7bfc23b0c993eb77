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
    // A word that turns the figure round, limits it from the other side or makes it relative.
    ['Deployment time', 'no more than 60 minutes', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', '60 minutes at most', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', '60 minutes or less', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', 'must not exceed 60 minutes', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', 'within a maximum of 60 minutes', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', 'under 60 minutes max', { kind: 'deployment_time', within: HOUR }],
    ['Deployment time', '60 minutes or more', undefined],
    ['Deployment time', 'no less than 60 minutes', undefined],
    ['Deployment time', '60 minutes at the earliest', undefined],
    ['Deployment time', '60+ minutes', undefined],
    ['Deployment time', 'never within 60 minutes', undefined],
    ['Deployment time', '60 minutes faster than today', undefined],
    ['Deployment time', '60 minutes per region', undefined],
    ['Deployment time', 'about 60 minutes', undefined],
    ['Deployment time', '30–60 minutes', undefined],
    ['Deployment time', '30 to 60 minutes', undefined],
    ['Deployment time', 'between 30 and 60 minutes', undefined],
    ['Deployment time', '1 hour 30 minutes', undefined],
    ['Deployment time', 'an hour and 30 minutes', undefined],
    ['Deployment time', '0:30 hours', undefined],
    ['Deployment time', '1/2 hour', undefined],
    ['Deployment time', '2 working days', undefined],
    ['Downtime', '5 minutes, unless the database is moved', undefined],
    ['Downtime', 'every 5 minutes', undefined],
    ['Error rate', '10 % lower than before', undefined],
    ['Error rate', '0.5-1 %', undefined],
    ['Error rate', '99 % success', undefined],
    ['Error rate', '99 % of requests without errors', undefined],
    ['Error rate', 'at most 1 %', { kind: 'error_rate', limit: 1, bound: 'at_most' }],
    ['Error rate', 'not above 1 %', { kind: 'error_rate', limit: 1, bound: 'at_most' }],
    ['Monitoring coverage', '95 % or more', { kind: 'monitoring_coverage', atLeast: 95 }],
    ['Monitoring coverage', '20 % better than it was', undefined],
    // As Germans write figures, and figures that are none of their own: nothing is guessed.
    ['Error rate', 'no more than 0,5 %', undefined],
    ['Error rate', '0,1 ‰', undefined],
    ['Error rate', 'under 1:1000', undefined],
    ['Error rate', '0.5 percentage points', undefined],
    ['Error rate', 'less than 0.5 pp above the baseline', undefined],
    ['Error rate', '0.1 % to 0.5 %', undefined],
    ['Error rate', 'within 1 %', { kind: 'error_rate', limit: 1, bound: 'at_most' }],
    ['Deployment time', '1.000 minutes', undefined],
    ['Deployment time', 'within 1,5 h', undefined],
    ['Downtime', '0 to 5 minutes', undefined],
    ['Downtime', '00:05', undefined],
    ['Monitoring coverage', '95 % ± 2', undefined],
    ['Monitoring coverage', '99.999 %', { kind: 'monitoring_coverage', atLeast: 99.999 }],
    ['Performance', 'within 10 percentage points', undefined],
    ['User impact', 'no issue reported unless within 24 hours', undefined],
  ] as const)('HO-4: "%s: %s"', ([name, text, target]) => {
    expect(figureOf({ name, text })).toEqual(target);
  });

  it.for([
    ['Timeline', 'Deployment Window', 'no earlier than 48 hours after acceptance', undefined],
    ['Timeline', 'Deployment Window', '48 hours after acceptance at the earliest', undefined],
    ['Timeline', 'Deployment Window', 'not within 48 hours of acceptance', undefined],
    ['Timeline', 'Deployment Window', '48 hours before acceptance', undefined],
    ['Timeline', 'Deployment Window', '3–5 days after acceptance', undefined],
    ['Timeline', 'Deployment Window', 'within 3 to 5 days of acceptance', undefined],
    ['Timeline', 'Deployment Window', '~~within 48 hours of acceptance~~', undefined],
    [
      'Timeline',
      'Deployment Window',
      'no later than 48 hours after acceptance',
      { kind: 'window', within: 2 * DAY },
    ],
    ['Timeline', 'Validation Period', 'at least 24 hours', { kind: 'validation', lasts: DAY }],
    ['Timeline', 'Validation Period', 'at most 24 hours', undefined],
    ['Timeline', 'Validation Period', 'begins 24 hours after the deployment', undefined],
    ['Timeline', 'Monitoring Period', '72 hours or longer', { kind: 'watching', lasts: 3 * DAY }],
    ['Timeline', 'Monitoring Period', '72 hours longer than the last one', undefined],
    [
      'Communication Plan',
      'Pre-Deployment',
      'no later than 24 hours before the start',
      { kind: 'notice', ahead: DAY },
    ],
    ['Communication Plan', 'Pre-Deployment', '24 hours before the start', { kind: 'notice', ahead: DAY }],
    ['Communication Plan', 'Pre-Deployment', 'less than 24 hours before the start', undefined],
    [
      'Communication Plan',
      'Post-Deployment',
      'all clear 1 hour at the latest',
      { kind: 'all_clear', within: HOUR },
    ],
    ['Communication Plan', 'Post-Deployment', 'no sooner than 1 hour', undefined],
  ] as const)('HO-4: %s, "%s: %s"', ([section, name, text, target]) => {
    const timeline = section === 'Timeline' ? `- **${name}**: ${text}` : '- **Handover**: afterwards';
    const more = section === 'Timeline' ? '' : `\n## ${section}\n- **${name}**: ${text}\n`;
    const lines = SMALLEST.replace('- **Deployment Window**: Within 48 hours of acceptance', timeline);
    const { targets, notUnderstood } = targetsIn(lines + more);
    const [found] = targets
      .filter((one) => one.source.name === name)
      .map(({ source: _source, ...one }) => one);
    expect(found).toEqual(target);
    expect(notUnderstood.some((one) => one.name === name && one.text === text)).toBe(target === undefined);
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
