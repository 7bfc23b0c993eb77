/** What acts by itself, at which figures: in the form, in Details and in the dry run (AN-1 … AN-3). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../local-slack/block-kit/index.ts';
import type { JudgePlan } from '../../src/judge/types.ts';
import { safeguardsFor } from '../../src/policy/rollout.ts';
import { CHANGE_TYPES } from '../../src/terms/change.ts';
import { renderDetailsModal } from '../../views/details-modal.ts';
import { guardLines } from '../../views/rule-words.ts';
import type { ScheduleContext } from '../../views/schedule-form.ts';
import { renderScheduleModal } from '../../views/schedule-modal.ts';
import { BLANK_SCHEDULE } from '../../views/schedule-state.ts';
import { presetOf } from '../config/preset-policies.ts';
import { safeguards } from '../deployment/builders.ts';
import { nasty } from './any-deployment.ts';
import { CANARY, deploymentIn } from './deployments.ts';

const linesOf = (preset: string, hearsAlerts = true): string[] =>
  guardLines({
    safeguards: safeguardsFor(presetOf(preset), { service: 'checkout', environment: 'production' }),
    hearsAlerts,
  });

const EVIDENCE =
  'a failing health check, a critical error in its log or evidence that errors are over 1.25× baseline';
const ASKING =
  '3 looks without data (3 min) or a suspicion, or a rule that is not met, at the end of a watch';

const nastyRule = fc.record({
  metric: nasty,
  kind: fc.constantFrom('absolute', 'ratio', 'points'),
  over: fc.double({ noNaN: true }),
  minSample: fc.nat(),
  breaches: fc.nat(),
  of: fc.nat(),
  action: fc.constantFrom('roll_back', 'hold'),
}) as fc.Arbitrary<JudgePlan['triggers'][number]>;
const manyRules = fc.array(nastyRule, { minLength: 0, maxLength: 40 });

const CHOSEN = { ...BLANK_SCHEDULE, service: 'checkout', environment: 'production' };

const aboutPlace = (guarded: ScheduleContext['guarded']): ScheduleContext => ({
  changeTypes: CHANGE_TYPES,
  allChangeTypes: CHANGE_TYPES,
  base: 'normal',
  zone: 'Europe/Berlin',
  services: ['checkout'],
  environments: [{ id: 'production', name: 'production' }],
  strategies: [{ id: 'canary', name: 'Canary', plan: CANARY }],
  guarded,
});

describe('what it does by itself', () => {
  it('AN-1, AN-2, AN-3: says the figures of gold-standard, those of single stages too', () => {
    expect(linesOf('gold-standard')).toEqual([
      `Rolls back by itself on errors over 1 % or p99 over 3× baseline in 3 of 5 looks, p50 over 2× baseline in 10 of 10 looks, ${EVIDENCE}`,
      `Holds and asks on errors over baseline + 0.5 points, p50 over 1.5× baseline, p99 over 2× baseline, CPU over 80 %, memory over 85 % or queue depth over 10× baseline in 3 of 5 looks, a critical alert, ${ASKING}`,
      'No stage passes with errors over 1 %, p50 over 1.1× baseline or p99 over 1.1× baseline over its whole watch',
      'Stages 1 and 2: no pass with errors over 0.1 %, p50 over 1.1× baseline or p99 over 1.1× baseline over its whole watch',
    ]);
  });

  it.each([
    [
      'procedures',
      'errors over 2× baseline, p50 over 1.5× baseline or p99 over 1.5× baseline in 3 of 5 looks, ',
    ],
    [
      'phase-contract',
      'errors over 1 % or p99 over 3× baseline in 3 of 5 looks, p50 over 2× baseline in 10 of 10 looks, ',
    ],
    [
      'small-team',
      'errors over 1 % or p99 over 3× baseline in 3 of 5 looks, p50 over 2× baseline in 10 of 10 looks, ',
    ],
    ['handoff-v1', ''],
  ])('AN-3: says what sends it back under %s', (preset, figures) => {
    expect(linesOf(preset)[0]).toBe(`Rolls back by itself on ${figures}${EVIDENCE}`);
  });

  it('AN-2: says nothing of alerts where none is heard, and what a service makes of them where they are', () => {
    expect(linesOf('gold-standard', false).join()).not.toContain('alert');
    const signals = { criticalError: 'hold', criticalAlert: 'roll_back', alert: 'hold' } as const;
    const [back, holds] = guardLines({ safeguards: safeguards({ signals }), hearsAlerts: true });
    expect(back).toMatch(/a critical alert or evidence/);
    expect(back).not.toContain('critical error');
    expect(holds).toContain('a critical error in its log, an alert');
  });

  it('AN-3, ST-8: says what one stage has instead, what is judged besides, and when people are called instead', () => {
    const { judge, ...others } = safeguards({ breaking: 'hold_and_page' });
    const own: JudgePlan = {
      ...judge,
      metrics: [{ name: 'orders', worse: 'lower', action: 'roll_back' }],
      stages: [{ stage: 2, criteria: [], triggers: judge.triggers, undecided: 'hold' }],
    };
    expect(guardLines({ safeguards: { ...others, judge: own }, hearsAlerts: false })).toEqual([
      'Rolls back by itself on errors over 5 %, evidence that orders is lower, a failing health check, a critical error in its log or evidence that errors are over 1.25× baseline; where going back would break data it holds and calls people instead',
      expect.stringContaining('Holds and asks on p99 over 900'),
      'Stage 2: no rule to pass besides the evidence',
      'Stage 2: rolls back on errors over 5 % and holds on p99 over 900 instead',
      'Stage 2: where it ends undecided, it holds',
    ]);
  });

  it('AN-2, AN-3: stands in the form where everything is open, in a word where it is folded, and in Details', () => {
    const about = aboutPlace({ safeguards: safeguards(), hearsAlerts: false });
    const shown = (metadata: object) =>
      JSON.stringify(renderScheduleModal({ ...CHOSEN, metadata }, about).blocks);
    expect(shown({ unfolded: true })).toContain('• Rolls back by itself on errors over 5 %');
    expect(shown({ unfolded: true })).toContain('• Holds and asks on p99 over 900');
    expect(shown({})).toContain('rolled back by itself if it gets worse');
    expect(shown({})).not.toContain('errors over');
    const details = renderDetailsModal(deploymentIn('held'), { contacts: [], roleName: (role) => role });
    expect(JSON.stringify(details.blocks)).toMatch(/\*What it does by itself\*\\n• Rolls back by itself on /);
  });

  it('AN-2: fits the form and Details, whatever rules a policy has', () => {
    fc.assert(
      fc.property(manyRules, manyRules, nasty, (triggers, criteria, name) => {
        const base = safeguards();
        const stages = [1, 2, 3, 4, 5].map((stage) => ({ stage, triggers, criteria }));
        const metrics = [{ name, worse: 'lower' as const, action: 'hold' as const }];
        const judge = { ...base.judge, triggers, criteria, stages, metrics };
        const guards = { ...base, judge };
        const form = renderScheduleModal(
          { ...CHOSEN, metadata: { unfolded: true } },
          aboutPlace({ safeguards: guards, hearsAlerts: true }),
        );
        expect(checkView(form, 'modal')).toEqual([]);
        const d = deploymentIn('rolling_out');
        const details = renderDetailsModal(
          { ...d, terms: { ...d.terms, safeguards: guards } },
          { contacts: [], roleName: (role) => role },
        );
        expect(checkView(details, 'modal')).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
