/** What is answered to an alert, in words. */

import { describe, expect, it } from 'vitest';
import type { Change, Suspect } from '../../src/alerts/suspects.ts';
import { renderAlertAnswer } from '../../views/alert.ts';
import { worldAt } from '../deployment/world.ts';

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

  it('offers the same buttons either way: the judge sees only what it was given', () => {
    const actionsOf = (score: number): string =>
      JSON.stringify(answer(suspect(score)).blocks.filter(({ type }) => type === 'actions'));
    expect(actionsOf(0.11)).toBe(actionsOf(0.9));
    expect(actionsOf(0.11)).toContain('alert.roll_back');
  });
});
