/** Whatever people and machines write calls nobody (K-3, OP-4): every word that a message could show, tried with a call to everybody in it. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { LiveMessage } from '../../src/deployment/effects.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { renderLive } from '../../views/live-message.ts';
import { anyStory } from '../deployment/arbitraries.ts';
import { ruth } from '../deployment/builders.ts';
import { World } from '../deployment/world.ts';

const CALL = '<!channel>';
/** What is one of a few words that only the code gives, or an id of Slack. A new field is none of these until it is put here. */
const GIVEN = new Set([
  'id',
  'status',
  'kind',
  'when',
  'changeType',
  'database',
  'deploymentType',
  'risk',
  'type',
]);
const WHY_IT_RUNS_OVER = new Set(['plan', 'target', 'window']);
/** Of each kind of line, and of each other message. */
const MANY = 8;

const isGiven = (key: string, text: string): boolean =>
  GIVEN.has(key) || (key === 'because' && WHY_IT_RUNS_OVER.has(text));

function calling<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (isGiven(key, value) ? value : `${value} ${CALL}`) as T;
  if (Array.isArray(value)) return value.map((one) => calling(one, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, calling(one, name)])) as T;
}

interface Shown {
  message: LiveMessage;
  event: DeploymentEvent;
  after: Deployment;
}

/** Some of each that stories show. */
function shownInStories(): Shown[] {
  const shown = new Map<string, Shown[]>();
  for (const { asked, steps } of fc.sample(anyStory, { numRuns: 120, seed: 7 })) {
    const world = new World();
    world.tell(asked, ruth);
    for (const step of steps) step(world);
    for (const { event, after, effects } of world.done)
      for (const effect of effects) {
        if (effect.kind !== 'show') continue;
        const { message } = effect;
        const kind = message.kind === 'note' ? `note ${event.type}` : message.kind;
        const some = shown.get(kind) ?? [];
        if (some.length < MANY) shown.set(kind, [...some, { message, event, after }]);
      }
  }
  expect(shown.size).toBeGreaterThan(30);
  return [...shown.values()].flat();
}

/** What Slack reads as markup: the text of a notification, and not the elements that take text as it is. */
function markup(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(markup);
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'mrkdwn' && 'text' in node) return [String(node.text)];
  return Object.values(node).flatMap(markup);
}

it('OP-4: nothing that stands in the record calls anybody, in whichever message it is shown', () => {
  const policy = { strategies: new Map(), calendar: { windows: [] } };
  let escaped = 0;
  for (const { message, event, after } of shownInStories()) {
    const drawn = renderLive(message, calling(after), calling(event), { policy });
    const says = drawn === undefined ? '' : [drawn.text, ...markup(drawn.blocks)].join('\n');
    expect(says).not.toContain(CALL);
    escaped += says.split('&lt;!channel&gt;').length - 1;
  }
  // They were there, and are shown as they were written.
  expect(escaped).toBeGreaterThan(1_000);
});
