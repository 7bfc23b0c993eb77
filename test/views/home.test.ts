/** Home: what waits for a person first, and never more than Slack draws (K-7). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import { HOME_ACTIONS, type HomeContent, renderHome, type Some } from '../../views/home.ts';
import { anyDeployment } from './any-deployment.ts';
import { DANA, deploymentIn, OMAR, SANA } from './deployments.ts';

const NONE: Some = { deployments: [], total: 0 };
const EMPTY: HomeContent = {
  viewer: SANA.id,
  waiting: NONE,
  refused: NONE,
  owed: NONE,
  underWay: NONE,
  scheduled: NONE,
  recent: NONE,
};
const some = (...deployments: Deployment[]): Some => ({ deployments, total: deployments.length });
const drawn = (content: Partial<HomeContent>): string => JSON.stringify(renderHome({ ...EMPTY, ...content }));

describe('Home', () => {
  it('K-7: begins with what waits for the person, with its two buttons', () => {
    const home = drawn({ waiting: some(deploymentIn('preparing')) });
    expect(home).toContain('*checkout v2.1.0 → production*  ·  D-1042');
    expect(home).toContain('Your go is needed as Security');
    expect(home).toContain('Asked for by Dana: “Adds Apple Pay.”');
    expect(home).toContain('"action_id":"card.go"');
    expect(home).toContain('"action_id":"card.no_go"');
  });

  it('K-7: whoever must decide on a hold finds it among what waits for them, with its buttons', () => {
    for (const viewer of [DANA.id, OMAR.id]) {
      const home = drawn({ viewer, waiting: some(deploymentIn('held')) });
      expect(home).toContain('Waiting for you');
      expect(home).toMatch(/✋ Held since <!date[^>]*>: p99 is climbing/);
      expect(home).toContain('Decide. It stays like this until somebody does');
      expect(home).toContain('"action_id":"card.resume"');
    }
  });

  it('K-7: a no-go on what one asked for stands there with the way on', () => {
    const home = drawn({ viewer: DANA.id, refused: some(deploymentIn('rejected')) });
    expect(home).toMatch(/⛔ No-go from \w+, <!date[^>]*>: /);
    expect(home).toContain('"action_id":"card.again"');
    expect(home).not.toContain('Nothing waits for you.');
  });

  it('K-7: shows what rolls out with its stage bar, and what is held with its reason', () => {
    const home = drawn({
      underWay: some(deploymentIn('rolling_out', { id: 'D-1' }), deploymentIn('held', { id: 'D-2' })),
    });
    expect(home).toContain('●━━●━━○──○  25 % · stage 2 of 4');
    expect(home).toMatch(/✋ Held since <!date[^>]*>: p99 is climbing/);
  });

  it('K-7: what is empty is one line, not a heading each', () => {
    const home = drawn({});
    expect(home).toContain('Nothing waits for you.');
    expect(home).toContain('Nothing is rolling out, scheduled or finished lately.');
    expect(home.match(/"type":"header"/g)).toHaveLength(1);
    expect(home).toContain(`"action_id":"${HOME_ACTIONS.schedule}"`);
  });

  it('K-7: counts what it does not show', () => {
    expect(drawn({ scheduled: { deployments: [deploymentIn('scheduled')], total: 13 } })).toContain(
      'and 12 more: `/deploy list`',
    );
  });

  it('fits within Slack’s limits whatever the counts', () => {
    const many = (prefix: number, ...statuses: Status[]) =>
      fc.array(anyDeployment(...statuses), { maxLength: 30 }).map(
        (list): Some => ({
          deployments: list.map((d, index) => ({ ...d, id: `D-${prefix + index}` })),
          total: list.length + 7,
        }),
      );
    fc.assert(
      fc.property(
        many(1000, 'preparing'),
        many(2000, 'rolling_out', 'held', 'verifying', 'rolling_back'),
        many(3000, 'scheduled', 'preparing'),
        many(4000, 'handed_over', 'rolled_back', 'failed', 'rejected', 'expired', 'cancelled'),
        (waiting, underWay, scheduled, recent) => {
          expect(
            checkView(
              renderHome({ ...EMPTY, waiting, refused: recent, owed: recent, underWay, scheduled, recent }),
              'home',
            ),
          ).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});
