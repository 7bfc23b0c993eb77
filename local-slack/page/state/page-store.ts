/** The page's one store, and what nearly every region asks of it. */
import { useMemo } from 'preact/hooks';
import type { Channel, Person, Usergroup, Workspace } from '../../protocol.ts';
import { routeOf } from '../route.ts';
import { initialState, type State } from './state.ts';
import { createStore, useSelected } from './store.ts';

export const store = createStore<State>(initialState(routeOf(new URL(location.href)).user ?? ''));

export function usePage<T>(select: (state: State) => T): T {
  return useSelected(store, select);
}

/** Whom and what an id names. */
export interface Directory {
  person: (id: string) => Person | undefined;
  channel: (id: string) => Channel | undefined;
  group: (id: string) => Usergroup | undefined;
  workspace: Workspace | undefined;
}

const directories = new WeakMap<Workspace, Directory>();
const nobody: Directory = {
  person: () => undefined,
  channel: () => undefined,
  group: () => undefined,
  workspace: undefined,
};

export function directoryOf(workspace: Workspace | undefined): Directory {
  if (workspace === undefined) return nobody;
  const known = directories.get(workspace);
  if (known) return known;
  const people = new Map(workspace.users.map((person) => [person.id, person]));
  const channels = new Map(workspace.channels.map((channel) => [channel.id, channel]));
  const groups = new Map(workspace.usergroups.map((group) => [group.id, group]));
  const directory: Directory = {
    person: (id) => people.get(id),
    channel: (id) => channels.get(id),
    group: (id) => groups.get(id),
    workspace,
  };
  directories.set(workspace, directory);
  return directory;
}

export function useDirectory(): Directory {
  const workspace = usePage((state) => state.workspace);
  return useMemo(() => directoryOf(workspace), [workspace]);
}

export function useMe(): Person | undefined {
  const id = usePage((state) => state.me);
  return useDirectory().person(id);
}

/** The time zone of the person who looks. */
export function useZone(): string {
  return useMe()?.tz ?? 'UTC';
}

/** The people one can act as: those who could sit at a keyboard. */
export function actors(workspace: Workspace | undefined): Person[] {
  return (workspace?.users ?? []).filter((person) => !person.is_bot && !person.deleted);
}

/** The DM of a person with the app. */
export function dmOf(workspace: Workspace | undefined, user: string): string | undefined {
  return workspace?.dms.find((dm) => dm.user === user)?.id;
}

/** Is this person in the channel. */
export function isIn({ members }: Channel, user: string): boolean {
  return 'only' in members ? members.only.includes(user) : !members.all_but.includes(user);
}

/** The channels a person sees: public ones, and private ones they are in. */
export function channelsOf(workspace: Workspace | undefined, user: string): Channel[] {
  return (workspace?.channels ?? []).filter((channel) => !channel.is_private || isIn(channel, user));
}
