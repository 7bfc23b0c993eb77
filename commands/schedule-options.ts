/** What the searches of the form offer for what was typed so far. */

import { releasesOf, runningAt } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
import type { Option, OptionsQuery } from '../src/slack/feature.ts';
import { versionOption } from '../views/schedule-modal.ts';
import { readScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';

export async function suggestServices(context: CommandContext, { query }: OptionsQuery): Promise<Option[]> {
  const wanted = query.trim().toLowerCase();
  return [...context.policy().services.keys()]
    .filter((service) => service.toLowerCase().includes(wanted))
    .slice(0, 100)
    .map((service) => ({ text: service, value: service }));
}

export async function suggestVersions(
  context: CommandContext,
  { query, view }: OptionsQuery,
): Promise<Option[]> {
  if (view === undefined) return [];
  const state = readScheduleState(view);
  if (state.service === undefined) return [];
  const [releases, running] = await Promise.all([releasesOf(context, state), runningAt(context, state)]);
  const wanted = query.trim().toLowerCase();
  return releases
    .filter(({ version, title = '' }) => `${version} ${title}`.toLowerCase().includes(wanted))
    .slice(0, 100)
    .map((release) =>
      versionOption(release, {
        now: context.clock.now(),
        ...defined({ running: running?.version }),
      }),
    );
}
