/** Shows people their modals and Homes as they are now. */
import type { View } from '../protocol.ts';
import type { World } from '../world.ts';
import { asSeen, type OpenView } from './views.ts';

export const seenBy = (world: World, view: OpenView): View => asSeen(view, world.views.stack(view.user));

/** The modal that is on top, or that there is none any more. */
export function showModal(world: World, user: string): View | null {
  const top = world.views.top(user);
  const view = top === undefined ? null : seenBy(world, top);
  world.stream.publish({ type: 'view', user, view });
  return view;
}

export function showHome(world: World, home: OpenView): View {
  const view = seenBy(world, home);
  world.stream.publish({ type: 'home', user: home.user, view });
  return view;
}
