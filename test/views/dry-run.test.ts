/** The dry run's modal keeps within Slack's limits, whatever people wrote and however long the plan is. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../local-slack/block-kit/index.ts';
import { applyEvents } from '../../src/deployment/apply-events.ts';
import { byOf } from '../../src/deployment/decision.ts';
import { rehearse } from '../../src/deployment/rehearsal/rehearsal.ts';
import { decideRequest } from '../../src/deployment/request/decide-request.ts';
import type { Blocker } from '../../src/policy/calendar/blockers.ts';
import type { Plan } from '../../src/terms/plan.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { readDryRun, renderDryRun, renderDryRunGaps } from '../../views/dry-run.ts';
import type { Following } from '../../views/following.ts';
import { BLANK_SCHEDULE } from '../../views/schedule-state.ts';
import { details, envelope, facts, request, ruth, safeguards, T0 } from '../deployment/builders.ts';
import { nasty } from './any-deployment.ts';

const LONG: Plan = {
  strategy: 'long',
  steps: Array.from({ length: 60 }, (_, index) => [
    { kind: 'set-weight' as const, percent: index + 1 },
    { kind: 'watch' as const, for: MINUTE },
  ]).flat(),
};

const live = { policy: { strategies: new Map(), calendar: { windows: [] } } };

function followingOf(asked: ReturnType<typeof request>, blockers: readonly Blocker[] = []): Following {
  const decision = decideRequest(asked, facts(ruth));
  if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
  const played = applyEvents('D-…', undefined, decision.events, { at: T0, by: byOf(ruth) });
  return { deployment: played.after, rehearsal: rehearse(played), blockers };
}

const textOf = (view: ReturnType<typeof renderDryRun>): string => JSON.stringify(view.blocks);

describe('the dry run', () => {
  it('OP-9: draws so many messages at most, however many there would be, and counts the others', () => {
    const following = followingOf(request());
    const { rehearsal } = following;
    const last = rehearsal.steps.at(-1);
    const note = rehearsal.steps
      .flatMap(({ messages }) => messages)
      .find(({ message }) => message.kind === 'note');
    if (last === undefined || note?.message.kind !== 'note') throw new Error('nothing is said');
    const { message, event, after } = note;
    let drawn = 0;
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      ...last,
      at: last.at + index * MINUTE,
      messages: [
        {
          message: { ...message, seq: 1_000 + index },
          event,
          get after() {
            drawn += 1;
            return after;
          },
        },
      ],
    }));
    const view = renderDryRun({
      asked: { service: 'checkout', version: 'v2.1.0', environment: 'production' },
      refusals: [],
      unanswered: [],
      live,
      following: { ...following, rehearsal: { ...rehearsal, steps: many } },
    });
    expect(textOf(view)).toContain('…  1,970 messages between');
    expect(drawn).toBeLessThanOrEqual(80);
  });

  it('OP-9: what is left out is counted, also where few lines are left of what is drawn', () => {
    const following = followingOf(request());
    const { rehearsal } = following;
    const told = rehearsal.steps.flatMap(({ messages }) => messages);
    const dm = told.find(({ message }) => message.kind === 'dm');
    const last = rehearsal.steps.at(-1);
    if (dm?.message.kind !== 'dm' || last === undefined) throw new Error('nobody is told');
    const { message } = dm;
    // One event is told to a hundred people: their lines are one.
    const messages = Array.from({ length: 100 }, (_, index) => ({
      ...dm,
      message: { ...message, user: `U0PERSON${index}` },
    }));
    const view = renderDryRun({
      asked: { service: 'checkout', version: 'v2.1.0', environment: 'production' },
      refusals: [],
      unanswered: [],
      live,
      following: { ...following, rehearsal: { ...rehearsal, steps: [{ ...last, messages }] } },
    });
    expect(textOf(view)).toContain('…  20 messages between');
  });

  it('ST-7: fits within Slack’s limits whatever people and machines wrote', () => {
    const person = fc.record({ id: fc.stringMatching(/^U[A-Z0-9]{8}$/), name: nasty });
    fc.assert(
      fc.property(
        fc.record({
          service: nasty,
          version: nasty,
          environment: nasty,
          summary: nasty,
          reason: nasty,
          role: nasty,
        }),
        fc.array(person, { minLength: 0, maxLength: 12 }),
        fc.array(nasty, { maxLength: 20 }),
        fc.integer({ min: 0, max: 14 }),
        ({ service, version, environment, summary, reason, role }, asked, refusals, roles) => {
          const following = followingOf(
            request({
              envelope: envelope({
                service,
                version,
                environment,
                plan: { strategy: reason, steps: LONG.steps.slice(0, 8) },
              }),
              details: details({ summary, lead: { id: 'U0LEAD', name: summary } }),
              required: Array.from({ length: roles }, (_, index) => ({
                role: `role_${index}`,
                name: role,
                quorum: 1,
                asked,
              })),
              safeguards: safeguards({ observeFor: HOUR }),
              requirements: {
                gates: [{ id: 'g', name: reason, rule: { kind: 'passed' }, before: 'start' }],
                checklist: [{ id: 'i', group: 'artifacts', text: summary, required: true, before: 'start' }],
                changeRequest: true,
              },
            }),
            refusals.map((says, index) => ({ kind: 'lock', key: `lock:${index}`, says, overrides: [] })),
          );
          const form = { ...BLANK_SCHEDULE, service, version, environment, summary };
          const run = {
            asked: { service, version, environment },
            refusals,
            unanswered: refusals,
            following,
            live,
          };
          expect(checkView(renderDryRun(run, form), 'modal')).toEqual([]);
          expect(checkView(renderDryRunGaps(refusals), 'modal')).toEqual([]);
        },
      ),
      { numRuns: 40, seed: 20260105 },
    );
  });

  it('ST-7: folds the middle of a plan with many stages, in the plan and in the messages', () => {
    const asked = request({
      envelope: envelope({ plan: LONG }),
      safeguards: safeguards({ observeFor: DAY }),
    });
    const following = followingOf(asked);
    expect(following.rehearsal.end.rollout?.stages).toHaveLength(60);
    const { service, version, environment } = asked.terms.envelope;
    const run = { asked: { service, version, environment }, refusals: [], unanswered: [], following, live };
    const view = renderDryRun(run);
    expect(checkView(view, 'modal')).toEqual([]);
    expect(textOf(view)).toContain('48 stages between');
    expect(textOf(view)).toMatch(/\d+ messages between/);
    expect(textOf(view)).toContain('Handed over');
  });

  it('ST-7: forecasts that the old version is replaced at once where the plan does that', () => {
    const plan: Plan = { strategy: 'all-at-once', steps: [{ kind: 'replace' }] };
    const following = followingOf(request({ envelope: envelope({ plan }) }));
    const asked = { service: 'a', version: 'b', environment: 'c' };
    const shown = textOf(renderDryRun({ asked, refusals: [], unanswered: [], following, live }));
    expect(shown).toMatch(/has started · (nothing ran there before|it replaces .* everywhere at once)/);
    expect(shown).not.toContain('stays until');
  });

  it('ST-7: carries the form it came from, but not what would not fit', () => {
    const about = {
      asked: { service: 'a', version: 'b', environment: 'c' },
      refusals: ['no'],
      unanswered: [],
      live,
    };
    const form = { ...BLANK_SCHEDULE, service: 'checkout', when: 'at' as const, at: T0 };
    const view = renderDryRun(about, form);
    expect(readDryRun({ privateMetadata: view.private_metadata ?? '' })).toEqual(form);
    expect(renderDryRun(about, { ...form, version: 'v'.repeat(3_000) }).submit).toBeUndefined();
    expect(renderDryRun(about).close?.text).toBe('Back');
  });
});
