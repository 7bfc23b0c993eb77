/** The report of a stage: both arms side by side, and buttons only while the stage runs (K-5). */

import type { ActionsBlock, TableBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import { stagesBegun } from '../../src/deployment/rollout/progress.ts';
import type { Rendered } from '../../views/blocks.ts';
import { renderStageReport } from '../../views/stage-report.ts';
import { anyDeployment } from './any-deployment.ts';
import { deploymentIn, METRIC_LOOKS } from './deployments.ts';

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
      ['Metric', 'Baseline', 'Canary', 'Difference', 'Verdict'],
      ['errors', '0.21 %', '0.19 %', '0.9× (0.6–1.3)', 'no worse, 10 : 1'],
      ['p50', '84 ms', '85 ms', '+1 %', 'fine'],
      ['p99', '310 ms', '322 ms', '+4 % (−2 … +9)', 'undecided'],
      ['CPU', '45 %', '47 %', '+2 points', 'fine'],
      ['queue depth', '12', '—', '—', 'no data'],
    ]);
  });

  it('K-5: says the same in its text', () => {
    const { text } = report(deploymentIn('rolling_out'), 2);
    expect(text).toContain('Stage 2 of 4 · 25 % of traffic');
    expect(text).toContain('errors: canary 0.19 %, baseline 0.21 %, 0.9× (0.6–1.3), no worse, 10 : 1');
    expect(text).toContain('4,812 requests in the canary');
    expect(text).toContain('can decide at about <!date^');
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
    expect(cells(report(deploymentIn('rolling_out', { look: { metrics } }), 2))[1]?.[4]).toBe('over 1 %');
  });

  it('K-5: has buttons only while its stage runs', () => {
    expect(buttons(report(deploymentIn('rolling_out'), 2))).toEqual([
      'Promote now',
      'Hold',
      'Roll back to v2.0.4',
    ]);
    expect(buttons(report(deploymentIn('held'), 2))).toEqual([
      'Roll back to v2.0.4',
      'Resume',
      'Promote now',
    ]);
    expect(buttons(report(deploymentIn('rolling_out'), 1))).toEqual([]);
    expect(buttons(report(deploymentIn('rolled_back'), 2))).toEqual([]);
    expect(buttons(report(deploymentIn('observing'), 4))).toEqual([]);
  });

  it('says how a stage ended, and when', () => {
    expect(report(deploymentIn('rolling_out'), 1).text).toMatch(/Passed at <!date.*>, after 30 min/);
    expect(report(deploymentIn('rolled_back'), 2).text).toMatch(/Rolled back at <!date.*>, after 1 min/);
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
