/** What must hold in every story about gates, the checklist and the change request: against a plain reading of the record. */

import { describe, expect } from 'vitest';
import type { Deployment } from '../../../src/deployment/deployment.ts';
import { NOT_STARTED } from '../../../src/deployment/lifecycle.ts';
import { isReady, itemState, missingBefore, openItems } from '../../../src/deployment/readiness/readiness.ts';
import type { Instant } from '../../../src/time.ts';
import { isComplete, isOwed, isSigned } from '../plain-readiness.ts';
import { type InEveryStory, must, tellStory } from './stories.ts';

export function readinessStories(inEveryStory: InEveryStory): void {
  describe('In every story', () => {
    const met = new Map<string, number>();
    inEveryStory(
      'with requirements most things happen, so that what follows says something',
      (story) => {
        if (story.asked.terms.requirements === undefined) return;
        for (const { event } of tellStory(story).done) met.set(event.type, (met.get(event.type) ?? 0) + 1);
      },
      () => {
        for (const type of [
          'gate_reported',
          'item_ticked',
          'item_unticked',
          'change_request_written',
          'evidence_expired',
          'reopened',
          'revised',
          'started',
          'handed_over',
        ])
          expect(met.get(type) ?? 0, type).toBeGreaterThan(10);
      },
    );

    inEveryStory(
      'GT-1, GT-5, CH-5: nothing starts without its gates, its items, its change request and its sign-offs',
      (story) => {
        for (const { event, after } of tellStory(story).done) {
          if (event.type !== 'started') continue;
          expect(isComplete(after, 'start', event.at)).toBe(true);
          expect(isSigned(after)).toBe(true);
        }
      },
    );

    inEveryStory(
      'GT-5: it is ready exactly where nothing is missing, and scheduled exactly where it is ready',
      (story) => {
        tellStory(story, ({ d }) => {
          // As of the last event: what has grown too old since, the record does not know yet.
          const at = Math.max(...[d.requestedAt, ...timesOf(d)]);
          if (!NOT_STARTED.has(d.status)) return;
          const ready = isSigned(d) && missingBefore(d, 'start').length === 0;
          must(isReady(d) === ready, 'ready where nothing is missing');
          must((d.status === 'scheduled') === ready, 'scheduled where it is ready');
          if (ready) must(isComplete(d, 'start', at), 'complete where it is ready');
        });
      },
    );

    inEveryStory(
      'GT-5: only what was scheduled is reopened, it says what is missing, and waits again',
      (story) => {
        let before: Deployment | undefined;
        for (const { event, after } of tellStory(story).done) {
          if (event.type === 'reopened') {
            expect(before?.status).toBe('scheduled');
            expect(after.status).toBe('preparing');
            expect(after.start.at).toBeUndefined();
            expect(event.missing.length).toBeGreaterThan(0);
            expect(isReady(after)).toBe(false);
          }
          before = after;
        }
      },
    );

    inEveryStory(
      'GT-3: a report about another commit never counts, and another release begins without reports and ticks',
      (story) => {
        let before: Deployment | undefined;
        for (const { event, after } of tellStory(story).done) {
          for (const { report } of Object.values(after.evidence.gates))
            must(report.sha === after.terms.envelope.sha, 'a report is about this commit');
          if (
            event.type === 'revised' &&
            before &&
            after.terms.envelope.version !== before.terms.envelope.version
          )
            expect(after.evidence.ticks).toEqual([]);
          before = after;
        }
      },
    );

    inEveryStory('GT-5: no tick stands against a gate that failed', (story) => {
      for (const { after } of tellStory(story).done) {
        for (const item of after.terms.requirements.checklist ?? []) {
          if (item.evidence?.kind !== 'gate' || after.evidence.gates[item.evidence.gate]?.passed !== false)
            continue;
          must(itemState(after, item).state === 'failed', item.id);
        }
      }
    });

    inEveryStory('GT-5: an item is open for the start exactly where its own state says so', (story) => {
      const { d } = tellStory(story);
      for (const before of ['start', 'hand_over'] as const) {
        const open = (d.terms.requirements.checklist ?? []).filter(
          (item) =>
            item.required &&
            item.before === before &&
            itemState(d, item).state !== 'done' &&
            !isOwed(d, item),
        );
        expect(openItems(d, before)).toEqual(open);
      }
    });

    inEveryStory('HO-1: no end of the observation by itself hands over what is not complete', (story) => {
      for (const { event, after } of tellStory(story).done) {
        if (event.type !== 'handed_over' || event.supersededBy !== undefined) continue;
        expect(missingBefore(after, 'hand_over')).toEqual([]);
      }
    });
  });
}

/** When the record last heard of something that counts for a while only. */
function timesOf(d: Deployment): Instant[] {
  return [
    ...d.evidence.ticks.map(({ at }) => at),
    ...Object.values(d.evidence.gates).map(({ report }) => report.at),
  ];
}
