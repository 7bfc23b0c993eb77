/** Some time after it is complete people are told that nothing fired, or why that cannot be said (MV-3). */

import { defined } from '../../defined.ts';
import { type Instant, MINUTE } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { unknownWords } from '../signals/unknown-words.ts';

/** Undefined where it was said, people were asked to decide, or the hand-over itself will say it by then. */
export function allClearAt(d: Deployment): Instant | undefined {
  const { allClearAfter, observeFor } = d.terms.safeguards;
  const watch = d.rollout?.finalWatch;
  if (d.status !== 'observing' || allClearAfter === undefined || allClearAfter >= observeFor)
    return undefined;
  const said = watch?.allClear !== undefined || watch?.unsettled !== undefined;
  return watch === undefined || said ? undefined : watch.since + allClearAfter;
}

export function allClearDue(d: Deployment, now: Instant): EventBody[] {
  const at = allClearAt(d);
  if (at === undefined || now < at) return [];
  return [{ type: 'all_clear', ...defined({ withheld: whyNot(d) }) }];
}

/** What is not known is no all-clear either. */
function whyNot(d: Deployment): string | undefined {
  const { lastLook, blindFor = 0 } = d.rollout?.finalWatch ?? {};
  const since = d.rollout?.completedAt ?? 0;
  const fired = d.signals?.alerts.filter(({ at }) => at >= since) ?? [];
  if (fired.length > 0) return `alerts fired: ${fired.map(({ name }) => name).join(', ')}`;
  if (d.signals?.unknown !== undefined) return unknownWords(d.signals.unknown.because);
  if (lastLook === undefined) return 'nothing was measured since';
  if (blindFor > 0) return `there was no data for ${Math.max(1, Math.round(blindFor / MINUTE))} minutes`;
  if (lastLook.verdict !== 'pass') return lastLook.because;
  if (d.trouble !== undefined) return `trouble with the backend: ${d.trouble.message}`;
  return d.smoke?.verdict?.kind === 'watch' ? `smoke tests: ${d.smoke.verdict.because}` : undefined;
}
