/** `views.*`: modals and Homes. */
import { z } from 'zod';
import { viewIn } from '../delivery/payloads.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { showHome, showModal } from '../workspace/showing.ts';
import type { OpenView } from '../workspace/views.ts';
import type { World } from '../world.ts';
import { checkedView } from './checked.ts';
import { type Method, method } from './method.ts';

const triggered = z.object({ trigger_id: z.string(), view: z.unknown() });

const open = method({
  tier: 4,
  args: triggered,
  run(world, args, note) {
    const view = checkedView(world, args.view, 'modal', note);
    const { user, channel } = world.triggers.exchange(args.trigger_id);
    return shown(world, world.views.open(user, view, channel));
  },
});

/** Only from inside a modal: the trigger must come from one that is still open. */
const push = method({
  tier: 4,
  args: triggered,
  run(world, args, note) {
    const view = checkedView(world, args.view, 'modal', note);
    const { user, view: below } = world.triggers.exchange(args.trigger_id);
    if (below === undefined || !world.views.stack(user).includes(below)) throw new SlackError('not_found');
    return shown(world, world.views.push(user, view));
  },
});

const update = method({
  tier: 4,
  args: z.object({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    view: z.unknown(),
    hash: z.string().optional(),
  }),
  run(world, args, note) {
    const before = named(world, args);
    const view = checkedView(world, args.view, before.type, note);
    refuseStale(before, args.hash);
    return shown(world, world.views.replace(before, view));
  },
});

function named(
  world: World,
  ids: { view_id?: string | undefined; external_id?: string | undefined },
): OpenView {
  if (!ids.view_id && !ids.external_id) throw invalidArguments('missing required field: view_id', '/view_id');
  const view = ids.view_id ? world.views.get(ids.view_id) : world.views.withExternalId(ids.external_id ?? '');
  if (view === undefined) throw new SlackError('not_found');
  return view;
}

function refuseStale(before: OpenView | undefined, hash: string | undefined): void {
  if (hash && before !== undefined && hash !== before.hash) throw new SlackError('hash_conflict');
}

const publish = method({
  tier: 4,
  args: z.object({ user_id: z.string(), view: z.unknown(), hash: z.string().optional() }),
  run(world, args, note) {
    if (!world.manifest.hasHome) throw new SlackError('not_enabled');
    const view = checkedView(world, args.view, 'home', note);
    const person = world.people.get(args.user_id);
    if (person === undefined || person.is_bot) {
      throw invalidArguments('failed to match a person', '/user_id');
    }
    refuseStale(world.views.home(args.user_id), args.hash);
    const home = world.views.publish(args.user_id, view);
    showHome(world, home);
    return { view: viewIn(world, home) };
  },
});

function shown(world: World, view: OpenView): { view: unknown } {
  if (view.type === 'home') showHome(world, view);
  else showModal(world, view.user);
  return { view: viewIn(world, view) };
}

export const views: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
