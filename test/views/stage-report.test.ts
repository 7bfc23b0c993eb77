/** The report of a stage: both arms side by side, and buttons only while the stage runs (K-5). */

import type { ActionsBlock, TableBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import { stagesBegun } from '../../src/deployment/rollout/progress.ts';
import type { Look, MetricLook } from '../../src/judge/types.ts';
import type { Step } from '../../src/terms/plan.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import type { Rendered } from '../../views/blocks.ts';
import { lookSentence } from '../../views/look-words.ts';
import { metricRow } from '../../views/metric-words.ts';
import { stageBar } from '../../views/stage-bar.ts';
import { renderStageReport } from '../../views/stage-report.ts';
import { anyDeployment } from './any-deployment.ts';
import { deploymentIn, METRIC_LOOKS, moved, T0 } from './deployments.ts';

function report(...of: Parameters<typeof renderStageReport>): Rendered {
  const rendered = renderStageReport(...of);
  if (!rendered) throw new Error('nothing was drawn');
  return rendered;
}

const cells = ({ blocks }: Rendered): string[][] => {
  const table = blocks.find((block): block is TableBlock => block.type === 'table');
  return (table?.rows ?? []).map((row) => row.map((cell) => ('text' in cell ? String(cell.text) : '?')));
};
const buttons = ({ blocks }: Rendered): string[] =>
  blocks
    .filter((block): block is ActionsBlock => block.type === 'actions')
    .flatMap(({ elements }) =>
      elements.map((element) => (element.type === 'button' ? element.text.text : element.type)),
    );

describe('the stage report', () => {
  it('K-5: shows every metric of both arms with its difference and its verdict', () => {
    expect(cells(report(deploymentIn('rolling_out'), 2))).toEqual([
      ['Metric', 'Verdict', 'Canary', 'Baseline', 'Difference'],
      ['errors', 'no worse, 10\u2060:\u20601', '0.19 %', '0.21 %', '0.9× (0.6\u2060–\u20601.3)'],
      ['p99', 'undecided', '322 ms', '310 ms', '+4 % (−2 … +9)'],
      ['queue depth', 'no data', '—', '12', '—'],
    ]);
  });

  it('K-5: says in one line what is fine, so that a phone shows what is not', () => {
    expect(report(deploymentIn('rolling_out'), 2).text).toContain(
      'Fine: p50 85 ms (+1 %), CPU 47 % (+2 points)',
    );
  });

  it('K-5: says what is excluded so far, and what would have shown where nothing is', () => {
    const [errors] = METRIC_LOOKS;
    const told = (more: Partial<MetricLook>) =>
      report(deploymentIn('rolling_out', { look: { metrics: [{ ...errors, ...more } as MetricLook] } }), 2)
        .text;
    expect(told({ excluded: 2 })).toContain('Errors: a doubling is excluded');
    expect(told({ excluded: 1.41 })).toContain('Errors: 1.4× and more are excluded');
    const open = { verdict: 'undecided' as const, interval: [0.39, 5.9] as [number, number] };
    expect(told({ ...open, excluded: 5.7 })).toContain('Errors: 5.9× and more are excluded');
    expect(told({ wouldShow: 4 })).toContain(
      'Errors: no rise is excluded yet; 4× and more would have shown by now',
    );
  });

  it('AN-6: says that it is too early to tell until something can be told', () => {
    const [errors] = METRIC_LOOKS;
    const { interval: _, ...open } = {
      ...errors,
      verdict: 'undecided' as const,
      evidence: 1.2,
    } as MetricLook;
    const look = {
      metrics: [open],
      because: 'too early to tell about errors',
    };
    const early = report(deploymentIn('rolling_out', { look }), 2);
    expect(early.text).toMatch(/Too early to tell about errors$/m);
    expect(early.text).not.toContain('Not decided yet');
    expect(cells(early)[1]?.[1]).toBe('too early to tell');
    const told = {
      metrics: [{ ...open, evidence: 4 }],
      because: 'errors 1.8× baseline, 4 : 1 that it is worse',
    };
    const { text } = report(deploymentIn('rolling_out', { look: told }), 2);
    expect(text).toContain('Not decided yet: errors 1.8× baseline');
  });

  it('K-5: says that earlier stages excluded it where the figures of this one do not yet', () => {
    const [errors] = METRIC_LOOKS;
    const saying = (interval: [number, number]): string => {
      const metrics = [{ ...errors, verdict: 'pass', ratio: 0.8, interval, excluded: 2 } as MetricLook];
      const d = deploymentIn('rolling_out', { look: { metrics, verdict: 'pass' } });
      return lookSentence(d.rollout?.stages.at(-1)?.lastLook);
    };
    expect(saying([0.2, 3.1])).toBe(
      'Looks fine: errors 0.8× baseline (0.2–3.1), and by all that was seen a doubling is excluded',
    );
    expect(saying([0.5, 2])).toBe('Looks fine: errors 0.8× baseline (0.5–2.0)');
    const metrics = [{ ...errors, verdict: 'pass', interval: [0.2, 3.1], excluded: 2 } as MetricLook];
    const { text } = report(deploymentIn('rolling_out', { look: { metrics, verdict: 'pass' } }), 2);
    expect(text.match(/a doubling is excluded/g)).toHaveLength(1);
  });

  it('K-5: the difference of a value is that of the two figures beside it, whatever the judge’s mean of ratios', () => {
    const p50 = { ...METRIC_LOOKS[1], baseline: 4_000, canary: 5_000, ratio: 0.9 } as MetricLook;
    expect(metricRow(p50).difference).toBe('+25 %');
  });

  it('K-5: says once what is excluded and when it can decide, and the last look below the table', () => {
    const [errors] = METRIC_LOOKS;
    const metrics = [{ ...errors, verdict: 'undecided', excluded: 2 } as MetricLook];
    const look = { metrics, because: 'errors 0.9× baseline (0.6–1.3×), a doubling is excluded' };
    const d = deploymentIn('rolling_out', { look });
    const { text } = report(d, 2);
    expect(text).toContain('Not decided yet: errors 0.9× baseline (0.6–1.3×), a doubling is excluded\n');
    const because = 'a doubling is excluded: errors 0.9× baseline';
    const passed = report(deploymentIn('rolling_out', { look: { metrics, because, verdict: 'pass' } }), 2);
    expect(passed.text).toContain('Errors: a doubling is excluded');
    expect(text.match(/excluded/g)).toHaveLength(1);
    expect(text.match(/decide\b/g)).toHaveLength(1);
    expect(text).toContain('the last look, baseline in brackets: errors 0.17 % (0.2 %)');
    expect(lookSentence(d.rollout?.stages.at(-1)?.lastLook)).toMatch(/; about 11 min until it can decide$/);
    const [first, second] = d.rollout?.stages ?? [];
    if (d.rollout === undefined || first === undefined || second === undefined) throw new Error('no stage');
    const over = { ...second, outcome: 'went_on' as const, endedAt: T0 };
    const ended = { ...d, rollout: { ...d.rollout, stages: [first, over] } };
    expect(report(ended, 2).text).toContain('Not decided: errors');
  });

  it('ST-2: says when it can decide, and what happens at the end of the stage where that is later', () => {
    const since = deploymentIn('rolling_out').rollout?.stages[1]?.watchedSince ?? 0;
    const told = (look: Partial<Look>) =>
      report(deploymentIn('rolling_out', { look: { to: since + MINUTE, ...look } }), 2).text;
    expect(told({ decidesIn: MINUTE })).toMatch(/Can decide at about <!date[^>]*> at this traffic$/m);
    const ends = (rest: string) =>
      new RegExp(`at this traffic; the stage ends at <!date[^>]*>: if it is ${rest}`);
    expect(told({ decidesIn: DAY, mayExtend: true })).toMatch(ends('undecided then, it goes on while'));
    // A rule that is not met, or a figure that is missing, lets nothing go on.
    expect(told({ decidesIn: DAY })).toMatch(ends('still so then, it is held and people are asked'));
    const d = deploymentIn('rolling_out');
    const [first, second] = d.rollout?.stages ?? [];
    if (d.rollout === undefined || first === undefined || second?.lastLook === undefined)
      throw new Error('no look');
    const { decidesIn: _, ...lastLook } = second.lastLook;
    const unknown = { ...d, rollout: { ...d.rollout, stages: [first, { ...second, lastLook }] } };
    expect(report(unknown, 2).text).toContain('it cannot be foreseen when it can decide');
  });

  it('ST-6: says nothing of what the end of the watch brings while it is held: people decide', () => {
    const look = { verdict: 'undecided' as const, decidesIn: 2 * HOUR };
    const says = (status: 'rolling_out' | 'held') => report(deploymentIn(status, { look }), 2).text;
    expect(says('rolling_out')).toMatch(
      /Can decide at about .*; the stage ends at .*: if it is still so then/,
    );
    expect(says('held')).toContain('Can decide at about');
    expect(says('held')).not.toContain('the stage ends at');
  });

  it('ST-2: says what would not have shown where a stage went on undecided', () => {
    const d = deploymentIn('rolling_out');
    const [first, ...rest] = d.rollout?.stages ?? [];
    if (d.rollout === undefined || first === undefined) throw new Error('no stage');
    const undecided = 'at this share only 4× and more would have been seen by now';
    const stages = [{ ...first, outcome: 'went_on' as const, undecided }, ...rest];
    expect(report({ ...d, rollout: { ...d.rollout, stages } }, 1).text).toMatch(
      /Went on undecided at .*, after 30 min: at this share only 4× and more would have been seen by now/,
    );
  });

  it('K-5: says the same in its text', () => {
    const { text } = report(deploymentIn('rolling_out'), 2);
    expect(text).toContain('Stage 2 of 4 · 25 % of traffic');
    expect(text).toContain('errors: canary 0.19 %, baseline 0.21 %, 0.9× (0.6–1.3), no worse, 10 : 1');
    expect(text).toContain('4,812 requests in the canary');
    expect(text).toContain('Can decide at about <!date^');
  });

  it('names the rule that spoke', () => {
    const [errors] = METRIC_LOOKS;
    if (!errors) throw new Error('no metric');
    const breached = {
      metric: 'errors',
      kind: 'absolute',
      over: 1,
      minSample: 1,
      breaches: 3,
      of: 5,
      action: 'roll_back',
    } as const;
    const metrics = [{ ...errors, verdict: 'fail' as const, breached }];
    expect(cells(report(deploymentIn('rolling_out', { look: { metrics } }), 2))[1]?.[1]).toBe('over 1 %');
  });

  it('AN-3: says that evidence speaks for worse, also where it is over a criterion besides', () => {
    const [errors] = METRIC_LOOKS;
    if (!errors) throw new Error('no metric');
    const unmet = { metric: 'errors', kind: 'absolute', over: 0.1, minSample: 1 } as const;
    const metrics = [{ ...errors, verdict: 'fail' as const, unmet }];
    expect(cells(report(deploymentIn('rolling_out', { look: { metrics } }), 2))[1]?.[1]).toMatch(/^worse, /);
  });

  it('K-5: has buttons only while its stage runs', () => {
    expect(buttons(report(deploymentIn('rolling_out'), 2))).toEqual([
      'Promote now…',
      'Hold',
      'Roll back to v2.0.4',
      'Report a problem',
    ]);
    expect(buttons(report(deploymentIn('held'), 2))).toEqual([
      'Roll back to v2.0.4',
      'Resume…',
      'Promote now…',
      'Report a problem',
    ]);
    const passed = { look: { verdict: 'pass' as const } };
    expect(buttons(report(deploymentIn('rolling_out', passed), 2))[0]).toBe('Promote now');
    expect(buttons(report(deploymentIn('held', passed), 2)).slice(1, 3)).toEqual(['Resume', 'Promote now']);
    expect(buttons(report(deploymentIn('rolling_out'), 1))).toEqual([]);
    expect(buttons(report(deploymentIn('rolled_back'), 2))).toEqual([]);
    expect(buttons(report(deploymentIn('observing'), 4))).toEqual([]);
  });

  it('says how a stage ended, and when', () => {
    expect(report(deploymentIn('rolling_out'), 1).text).toMatch(/Passed at <!date.*>, after 30 min/);
    expect(report(deploymentIn('rolled_back'), 2).text).toMatch(/Rolled back at <!date.*>, after 1 min/);
  });

  it('RB-3, ST-5: says that it is on its way back, how far, and only at its end that it is back', () => {
    const back = deploymentIn('rolling_back');
    expect(report(back, 2).text).toMatch(/⏪ Going back since <!date.*>, after 1 min$/);
    expect(report(moved(back, 75), 2).text).toMatch(
      /Going back since .*, after 1 min · v2\.1\.0 still has 75 % of traffic, seen at <!date/,
    );
    expect(report(deploymentIn('failed'), 2).text).toMatch(
      /🛑 The rollback of <!date.*> failed, after 1 min/,
    );
  });

  it('ST-2: a stage that nobody watched was reached, and is not called passed', () => {
    const { text } = report(deploymentIn('observing'), 4);
    expect(text).toMatch(/Reached at <!date.*>, after 5 s · no watch of its own: nothing was judged/);
    expect(text).not.toContain('Passed');
  });

  it('ST-4: of a fleet that is replaced part by part says which part it is', () => {
    const steps: Step[] = [1, 2].flatMap((number) => [
      { kind: 'batch', number, of: 2 },
      { kind: 'watch', for: MINUTE },
    ]);
    const d = deploymentIn('observing', { plan: { strategy: 'rolling', steps } });
    expect(report(d, 1).text).toContain('Part 1 of 2 · 50 % of traffic');
    expect(stageBar(d)).toContain('100 % · part 2 of 2');
  });

  it('AN-6: names a side only where the odds are not even', () => {
    const [errors] = METRIC_LOOKS;
    const said = (verdict: MetricLook['verdict'], evidence: number, kind: MetricLook['kind'] = 'counts') =>
      metricRow({ ...errors, kind, verdict, evidence } as MetricLook).verdict;
    for (const kind of ['counts', 'values'] as const) {
      for (const even of [1, 1.04, 1 / 1.04]) expect(said('undecided', even, kind)).toBe('undecided');
      expect(said('undecided', 1.2, kind)).toBe('undecided, 1.2 : 1 worse');
      expect(said('undecided', 0.5, kind)).toBe('undecided, 2 : 1 no worse');
    }
    expect(said('pass', 0.1)).toBe('no worse, 10 : 1');
    // A pass is what was excluded: odds that lean the other way are not its own.
    expect(said('pass', 2)).toBe('no worse');
    expect(said('pass', 1)).toBe('no worse');
  });

  it('shows a chart where there is one, described for those who do not see it', () => {
    const chart = { file: 'F0123456789', alt: 'errors: canary 0.4 %, baseline 0.2 %' };
    const image = report(deploymentIn('rolling_out'), 2, { chart }).blocks.find(
      ({ type }) => type === 'image',
    );
    expect(image).toMatchObject({
      slack_file: { id: 'F0123456789' },
      alt_text: 'errors: canary 0.4 %, baseline 0.2 %',
    });
  });

  it('draws nothing for a stage that was never reached', () => {
    expect(renderStageReport(deploymentIn('rolling_out'), 3)).toBeUndefined();
  });

  it('fits within Slack’s limits for any deployment and any metrics', () => {
    fc.assert(
      fc.property(anyDeployment('rolling_out', 'held', 'rolled_back', 'observing'), (d) => {
        for (const { number } of stagesBegun(d).slice(-2))
          expect(
            checkMessage(report(d, number, { chart: { file: 'F0123456789', alt: 'x'.repeat(3_000) } })),
          ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
