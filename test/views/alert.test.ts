/** What is answered to an alert, in words. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import type { Change, Suspect } from '../../src/alerts/suspects.ts';
import {
  renderAlertAnswer,
  renderAlertEnded,
  renderNoSuspect,
  renderReportedAlert,
  saidLate,
} from '../../views/alert.ts';
import { worldAt } from '../deployment/world.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { deploymentIn } from './deployments.ts';

const deployment = worldAt('watching').d;
const suspect = (score: number, judged: Change['judged'] = 'no_worse'): Suspect => ({
  change: {
    deployment: deployment.id,
    service: 'checkout',
    environment: 'production',
    version: 'v2.1.0',
    startedAt: deployment.rollout?.startedAt ?? 0,
    rolledBack: false,
    judged,
  },
  score,
  likely: score >= 0.12,
  reasons: [{ kind: 'rolling_out' }],
});
const answer = (...suspects: Suspect[]) =>
  renderAlertAnswer({
    services: ['checkout'],
    environment: 'production',
    suspects: suspects.map((one) => ({ suspect: one, deployment })),
  });

describe('K-6: the answer to an alert', () => {
  it('blames nobody where all that moves is unlikely, and says why it is', () => {
    const { text } = answer(suspect(0.11));
    expect(text).toMatch(
      /^Nothing that was deployed explains this well\. It moves in checkout, production or in what that needs, and is unlikely to be the cause:/,
    );
    expect(text).toContain('unlikely: it does no worse than what ran before it');
  });

  it('says which of several are unlikely', () => {
    const [head, first, second] = answer(suspect(0.9, 'worse'), suspect(0.1, 'undecided')).text.split('\n');
    expect(head).toBe('In checkout, production:');
    expect(first).not.toContain('unlikely');
    expect(second).toContain(' · unlikely · ');
  });

  it('says how a suspect ended since, where it is said later than the alert was heard', () => {
    const ended = deploymentIn('rolled_back');
    const shown = (d: typeof ended): string =>
      renderAlertAnswer({
        services: ['checkout'],
        suspects: [{ suspect: suspect(0.9), deployment: d }],
      }).text;
    expect(shown(ended)).toContain(' · now: rolled back');
    expect(shown(ended)).not.toContain(' %, started');
    expect(shown(deployment)).toContain(' %, started');
    expect(shown(deployment)).not.toContain('now:');
  });

  it('says that it is a guess where the alert only speaks of the service, or of one that is called alike', () => {
    const suspects = [{ suspect: suspect(0.9), deployment }];
    expect(renderAlertAnswer({ services: ['checkout'], guessed: true, suspects }).text).toMatch(
      /^This could be about checkout:/,
    );
  });

  it('says of a late one from when the alert is and why it is late, before all else', () => {
    const { text, blocks } = saidLate(renderNoSuspect(['checkout']), { since: 1_000, because: 'delivered' });
    const late = /^⏰ This is from <!date\^1\^.* and answered late: Slack delivered it only now\.$/;
    expect(text.split('\n')[0]).toMatch(late);
    expect(blocks[0]).toMatchObject({ text: { text: expect.stringMatching(late) } });
    expect(blocks).toHaveLength(2);
  });

  it('RB-2, RB-7: becomes how the rollback that it began ended: back after so long, or failed and whose it is', () => {
    expect(renderAlertEnded(deploymentIn('rolling_back'))).toBeUndefined();
    expect(renderAlertEnded(deploymentIn('rolled_back'))?.text).toMatch(
      /^⏪ checkout is back on v2\.0\.4 with all traffic, after .* \(target 15 min\) · rolled back by /,
    );
    const failed = renderAlertEnded(deploymentIn('failed'))?.text;
    expect(failed).toMatch(
      /^🛑 The rollback of checkout v2\.1\.0 failed: .*Traffic may be split: Dana or Omar must/,
    );
  });

  it('offers the same buttons either way: the judge sees only what it was given', () => {
    const actionsOf = (score: number): string =>
      JSON.stringify(answer(suspect(score)).blocks.filter(({ type }) => type === 'actions'));
    expect(actionsOf(0.11)).toBe(actionsOf(0.9));
    expect(actionsOf(0.11)).toContain('alert.roll_back');
  });
});

describe('OP-4: an alert of monitoring, told in a channel', () => {
  const reported = (title: string, lines: string[], suspects: Suspect[] = []) =>
    renderReportedAlert(
      { source: 'alertmanager', status: 'firing', title, labels: {}, lines },
      suspects.length === 0 ? renderNoSuspect(['checkout']) : answer(...suspects),
    );

  it('fits within Slack’s limits, whatever it says and however long', () => {
    fc.assert(
      fc.property(nasty, fc.array(nasty, { maxLength: 20 }), fc.boolean(), (title, lines, blames) => {
        expect(checkMessage(reported(title, lines, blames ? [suspect(0.9, 'worse')] : []))).toEqual([]);
      }),
    );
  });

  it('calls nobody and links nowhere by what it says', () => {
    const evil = '<http://evil.example|Roll back> <!channel> <!subteam^S1> <@U0OMAR00004> <#C0CHECKOUT2>';
    const { text, blocks } = reported(evil, [evil, evil, `${'x'.repeat(180)}${evil}`]);
    expect(text + JSON.stringify(blocks)).not.toMatch(/<[!@#h]/);
    expect(text).toContain('&lt;http://evil.example|Roll back&gt;');
  });

  it('names what it could be about within Slack’s limits, whatever was written into its suspects', () => {
    const any = anyDeployment().filter((d) => d.rollout !== undefined);
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), nasty, (deployments, word) => {
        const suspects = deployments.map((d) => {
          const { service, version } = d.terms.envelope;
          const reasons: Suspect['reasons'] = [
            { kind: 'rolling_out' },
            { kind: 'touched', what: [word, word, word] },
            { kind: 'dependency', of: word, steps: 1 },
          ];
          const { change, ...more } = suspect(0.9, 'worse');
          return {
            deployment: d,
            suspect: { ...more, change: { ...change, deployment: d.id, service, version }, reasons },
          };
        });
        const shown = renderAlertAnswer({ services: [word, word, word], environment: word, suspects });
        expect(checkMessage(shown)).toEqual([]);
        for (const ended of deployments.flatMap((d) => renderAlertEnded(d) ?? [])) {
          expect(checkMessage(ended)).toEqual([]);
          expect(ended.text + JSON.stringify(ended.blocks)).not.toMatch(/<!channel|<https:..evil/);
        }
        // What stands on a button is no markup.
        const marked = shown.blocks.filter(({ type }) => type !== 'actions');
        expect(shown.text + JSON.stringify(marked)).not.toMatch(/<!channel|<https:..evil/);
      }),
      { numRuns: 50 },
    );
  });
});
