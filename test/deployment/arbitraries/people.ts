/** What people do at random moments: ask, sign, steer, take back. */

import fc from 'fast-check';
import { defined } from '../../../src/defined.ts';
import type { Actor, Facts, Intent } from '../../../src/deployment/intents.ts';
import { stagesBegun } from '../../../src/deployment/rollout/progress.ts';
import type { Details } from '../../../src/terms/change.ts';
import type { Envelope } from '../../../src/terms/envelope.ts';
import { MINUTE } from '../../../src/time.ts';
import { OMAR, request, SANA } from '../builders.ts';
import type { World } from '../world.ts';
import { anyActor, anyReason, anySigner, PEOPLE, PLANS, ROLES, SHAS, VERSIONS } from './values.ts';

/** What a step of a story does, once it meets the deployment as it is then. */
export type Step = (world: World) => void;

export const tell =
  (intent: Intent, actor: Actor, facts: Partial<Facts> = {}): Step =>
  (world) =>
    world.tell(intent, actor, facts);

export const occupied: Partial<Facts> = { occupiedBy: { id: 'D-9', version: 'v9', lead: OMAR } };

const revise = (change: Partial<Envelope>, about: Partial<Details>, actor: Actor): Step => {
  return (world) =>
    world.tell(
      {
        kind: 'revise',
        terms: {
          envelope: {
            ...world.d.terms.envelope,
            ...change,
            sha: SHAS[change.version ?? ''] ?? world.d.terms.envelope.sha,
          },
          details: { ...world.d.terms.details, ...about },
        },
      },
      actor,
    );
};

/** Two that differ. */
const CHANGE_REQUESTS = [0, 5 * MINUTE].map((downtime) => ({
  justification: 'Customers ask for it.',
  components: 'checkout',
  downtime,
  rollbackTime: 15 * MINUTE,
  risks: [],
}));

const sayNoGo: Step = (world) => {
  world.sign({ kind: 'person', person: SANA, roles: ROLES }, { decision: 'no_go', reason: 'because' });
};

const anyUsualStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(anySigner, fc.constantFrom<'go' | 'no_go'>('go', 'go', 'no_go'), fc.boolean(), anyReason).map(
    ([actor, decision, stale, reason]): Step =>
      (world) =>
        world.sign(actor, { decision, reason, ...(stale ? { envelopeHash: 'old' } : {}) }),
  ),
  fc
    .tuple(
      fc.record(
        {
          version: fc.constantFrom(...VERSIONS),
          plan: fc.constantFrom(...PLANS),
          service: fc.constantFrom('checkout', 'search'),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        { lead: fc.constantFrom(...PEOPLE), summary: fc.constantFrom('a', 'b') },
        { requiredKeys: [] },
      ),
      anyActor,
    )
    .map(([change, about, actor]) => revise(change, about, actor)),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), anyActor)
    .map(([stage, actor]) => tell({ kind: 'promote', stage, reason: 'It looks well.' }, actor)),
  anyActor.map(
    (actor): Step =>
      (world) =>
        world.tell({ kind: 'promote', stage: stagesBegun(world.d).length, reason: 'It looks well.' }, actor),
  ),
  fc
    .tuple(anyActor, anyReason)
    .chain(([actor, reason]) =>
      fc
        .constantFrom<Intent>(
          { kind: 'hold', reason },
          { kind: 'resume', reason },
          { kind: 'extend', by: 10 * MINUTE, reason },
          { kind: 'hand_over', reason },
          { kind: 'explain_rollback', reason },
          { kind: 'roll_back', why: reason },
          { kind: 'give_up_rollback', reason },
          { kind: 'cancel', reason },
          request(),
        )
        .map((intent) => tell(intent, actor)),
    ),
);

/** Handing a sign-off on, and writing up: seldom, so that stories still get to their usual ends. */
export const anyPersonStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: anyUsualStep },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anySigner, fc.constantFrom(...PEOPLE))
      .map(([actor, to]) => tell({ kind: 'delegate', to }, actor)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyActor, anyReason).map(([actor, text]) => tell({ kind: 'write_up', text }, actor)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, anyReason)
      .map(([actor, cause]) => tell({ kind: 'review', review: { cause, actions: cause } }, actor)),
  },
  { weight: 1, arbitrary: anySigner.map((actor) => tell({ kind: 'withdraw' }, actor)) },
  { weight: 1, arbitrary: anyActor.map((actor) => tell({ kind: 'take_page' }, actor)) },
  // Else hardly a story would end with one.
  { weight: 1, arbitrary: fc.constant(sayNoGo) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, fc.constantFrom(...CHANGE_REQUESTS), fc.constantFrom(undefined, undefined, null))
      .map(([actor, written, seen]) =>
        tell({ kind: 'write_change_request', request: written, ...defined({ seen }) }, actor),
      ),
  },
);
