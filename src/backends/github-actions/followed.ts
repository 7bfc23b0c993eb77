/** Follows the runs of what was sent: finds them, hears how they end, lets through what waits and cancels what was overtaken. */

import type { AdapterContext } from '../../adapters/kind.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../../time.ts';
import type { Repository } from './calls.ts';
import type { Journal, Ordered } from './journal.ts';
import { outcomeOf, type Run } from './seen.ts';
import type { EnvironmentSettings } from './settings.ts';
import { type Written, wordsOf } from './written.ts';

export interface Followed {
  follow(signal?: AbortSignal): Promise<string | undefined>;
  isNewest(ordered: Ordered): boolean;
  cancelOvertaken(signal?: AbortSignal): Promise<void>;
}

/** A dispatch whose answer was lost is looked for so long before it is sent again; a rollback cannot wait that long. */
const LOST_AFTER: Duration = MINUTE;
const LOST_ROLLBACK_AFTER: Duration = 10 * SECOND;
/** What was taken has a run by then, or never. */
const RUN_WITHIN: Duration = 5 * MINUTE;
/** GitHub shows a run as waiting for a moment after it was answered. */
const SHOWS_AFTER: Duration = 30 * SECOND;
/** What was overtaken may still appear, and is then cancelled. */
const OVERTAKEN_AFTER: Duration = 10 * MINUTE;

export function createFollowed(options: {
  id: string;
  settings: EnvironmentSettings;
  /** Its name at GitHub. */
  environment: string;
  isApp: boolean;
  repository: Repository;
  journal: Journal;
  context: AdapterContext;
  written: Pick<Written, 'note' | 'ended'>;
}): Followed {
  const { id, settings, environment, repository, journal, context } = options;
  const { note, ended } = options.written;
  const now = (): Instant => context.clock.now();

  const isNewest = ({ seq }: Ordered): boolean => (journal.newest(id)?.seq ?? seq) <= seq;

  /** Brings what is written down up to what GitHub says; answers why somebody has to act at GitHub. */
  async function follow(signal?: AbortSignal): Promise<string | undefined> {
    const live = journal.live(id);
    const searched = live.filter(({ state }) => state === 'sending' || state === 'sent');
    const runs = searched.length === 0 ? [] : await repository.runs(settings.workflow, signal);
    for (const ordered of searched) search(ordered, runs);
    let waits: string | undefined;
    for (const ordered of [...journal.live(id), ...mended()]) {
      if (ordered.run !== undefined) waits = (await followRun(ordered, ordered.run, signal)) ?? waits;
    }
    return waits;
  }

  /** Somebody may have its failed jobs run again. */
  function mended(): Ordered[] {
    const newest = journal.newest(id);
    return newest?.state === 'failed' && newest.run !== undefined ? [newest] : [];
  }

  function search(ordered: Ordered, runs: readonly Run[]): void {
    const { seq, state, order } = ordered;
    // Whoever reads the name can give it to a run of their own, but only after this one.
    const run = runs.findLast(({ display_title }) => display_title.includes(ordered.id));
    const age = now() - ordered.since;
    if (run !== undefined) journal.move(seq, state, 'running', now(), { run: run.id });
    else if (!isNewest(ordered)) {
      if (age > OVERTAKEN_AFTER) journal.move(seq, state, 'overtaken', now());
    } else if (state === 'sent' && age > RUN_WITHIN) {
      journal.move(seq, state, 'failed', now(), {
        problem: `GitHub took ${wordsOf(order)}, and no run with ${ordered.id} in its name appeared within ${RUN_WITHIN / MINUTE} minutes: look whether the run-name of ${settings.workflow} has inputs.gonogo_key in it`,
      });
    } else if (state === 'sending' && age > (order.kind === 'back' ? LOST_ROLLBACK_AFTER : LOST_AFTER)) {
      journal.move(seq, state, 'accepted', now());
    }
  }

  async function followRun(
    ordered: Ordered,
    runId: number,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const run = await repository.run(runId, signal);
    const outcome = outcomeOf(run);
    const { seq, state } = ordered;
    const at = Date.parse(run.updated_at);
    switch (outcome.kind) {
      case 'waiting':
        if (state === 'failed') journal.move(seq, 'failed', 'running', now());
        return isNewest(ordered) ? waits(ordered, run, signal) : cancelOne(ordered, signal);
      case 'running':
        journal.jobs.wentOn(runId, environment, now());
        if (state === 'failed') journal.move(seq, 'failed', 'running', now());
        return isNewest(ordered) ? undefined : cancelOne(ordered, signal);
      case 'succeeded':
        await note(() => ended(ordered, run, 'success', signal));
        journal.move(seq, state, 'succeeded', at);
        return undefined;
      case 'cancelled':
        if (state === 'failed') return undefined;
        await note(() => ended(ordered, run, 'failure', signal));
        if (ordered.cancelled || !isNewest(ordered)) journal.move(seq, state, 'overtaken', at);
        else {
          journal.move(seq, state, 'failed', at, {
            problem: `run #${run.run_number} was cancelled at GitHub, by somebody or by a newer run of its concurrency group; GitHub does not say which run came after it. Look there what runs now: ${run.html_url}`,
          });
        }
        return undefined;
      case 'failed': {
        if (state === 'failed') return undefined;
        await note(() => ended(ordered, run, 'failure', signal));
        const where = await repository.failedAt(runId, signal);
        journal.move(seq, state, 'failed', at, {
          problem: `run #${run.run_number} ${outcome.words}${where}: ${run.html_url}`,
        });
        return undefined;
      }
    }
  }

  /** Why somebody has to act at GitHub; undefined where what is decided here answers it. */
  async function waits(ordered: Ordered, run: Run, signal?: AbortSignal): Promise<string | undefined> {
    const words = `run #${run.run_number} waits for a review or a protection rule at GitHub`;
    if (!settings.approve) return `${words}: ${run.html_url}`;
    const waiting = { run: run.id, environment };
    if (ordered.order.kind === 'back') await approveRollback(run.id, signal);
    const before = journal.jobs.newest(run.id, environment);
    if (before === undefined || (before.state === 'answered' && now() - before.since > SHOWS_AFTER))
      journal.jobs.see(
        {
          ...waiting,
          key: `${repository.name.toLowerCase()}/${run.id}/${environment}/s${now()}`,
          repository: repository.name,
          event: 'workflow_dispatch',
          sha: ordered.order.sha,
        },
        now(),
      );
    if (before?.state === 'mute' && now() - before.since > SHOWS_AFTER)
      return `${words}, and GoNoGo may not answer it: ${run.html_url}`;
    if (before?.state === 'open' && before.trouble !== null)
      return `${words}, and GoNoGo could not answer it (${before.trouble}): ${run.html_url}`;
    return undefined;
  }

  /** Nobody is asked for a rollback: it is let through on sight, and tried again at the next look. */
  async function approveRollback(run: number, signal?: AbortSignal): Promise<void> {
    const comment = 'A rollback, told by GoNoGo.';
    try {
      await repository.answer(run, environment, { approve: true, rule: options.isApp, comment }, signal);
    } catch (error) {
      context.log.warn({ err: error, place: id, run }, 'a rollback that waits at GitHub was not let through');
    }
  }

  async function cancelOvertaken(signal?: AbortSignal): Promise<void> {
    for (const ordered of journal.live(id)) if (!isNewest(ordered)) await cancelOne(ordered, signal);
  }

  async function cancelOne(ordered: Ordered, signal?: AbortSignal): Promise<undefined> {
    if (ordered.run === undefined || ordered.cancelled) return;
    try {
      await repository.cancel(ordered.run, signal);
      journal.cancel(ordered.seq);
    } catch (error) {
      context.log.warn(
        { err: error, place: id, run: ordered.run },
        'a run that was overtaken could not be cancelled',
      );
    }
  }

  return { follow, isNewest, cancelOvertaken };
}
