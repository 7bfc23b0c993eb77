/** `users.*` and `usergroups.*`: who is who. */
import { z } from 'zod';
import type { Person } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import type { World } from '../world.ts';
import { groupAsSlack, profileAsSlack, userAsSlack } from './as-slack.ts';
import { count, flag, type Method, method, page } from './method.ts';

function known(world: World, id: string): Person {
  const person = world.people.get(id);
  if (person === undefined) throw new SlackError('user_not_found');
  return person;
}

const info = method({
  tier: 4,
  scopes: ['users:read'],
  args: z.object({ user: z.string() }),
  run: (world, { user }) => ({ user: userAsSlack(world, known(world, user)) }),
});

const list = method({
  tier: 2,
  scopes: ['users:read'],
  args: z.object({ cursor: z.string().optional(), limit: count(1_000) }),
  run(world, args) {
    const { items, response_metadata } = page(world.people.all(), args);
    return {
      members: items.map((person) => userAsSlack(world, person)),
      cache_ts: Math.floor(world.now() / 1_000),
      response_metadata,
    };
  },
});

/** Deactivated people are not found by e-mail. */
const lookupByEmail = method({
  tier: 3,
  scopes: ['users:read.email'],
  args: z.object({ email: z.string() }),
  run(world, { email }) {
    const person = world.people.withEmail(email);
    if (person === undefined || person.deleted) throw new SlackError('users_not_found');
    return { user: userAsSlack(world, person) };
  },
});

const profile = method({
  tier: 4,
  scopes: ['users.profile:read'],
  args: z.object({ user: z.string().optional() }),
  run: (world, { user }) => ({
    profile: profileAsSlack(world, known(world, user ?? world.app.botUser)),
  }),
});

const groups = method({
  tier: 2,
  scopes: ['usergroups:read'],
  args: z.object({ include_users: flag.default(false) }),
  run: (world, args) => ({
    usergroups: world.people.groups().map((group) => groupAsSlack(world, group, args.include_users)),
  }),
});

const groupUsers = method({
  tier: 2,
  scopes: ['usergroups:read'],
  args: z.object({ usergroup: z.string() }),
  run(world, { usergroup }) {
    const group = world.people.group(usergroup);
    if (group === undefined) throw new SlackError('no_such_subteam');
    return { users: group.users };
  },
});

export const users: Readonly<Record<string, Method>> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'users.profile.get': profile,
  'usergroups.list': groups,
  'usergroups.users.list': groupUsers,
};
