/** The methods that stand alone: who am I, the team, reactions, and Slack's own check of blocks. */
import { z } from 'zod';
import { isJson } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { World } from '../world.ts';
import { botProfile } from './as-slack.ts';
import { roomFor } from './chat.ts';
import { checkContent, checkedView } from './checked.ts';
import { type Method, method, ts } from './method.ts';

const authTest = method({
  tier: 'special',
  args: z.object({}),
  run: (world) => ({
    // As permalinks are: what is built on it leads somewhere.
    url: `${world.origin}/`,
    team: world.team.name,
    user: world.manifest.botName,
    team_id: world.team.id,
    user_id: world.app.botUser,
    bot_id: world.app.botId,
    is_enterprise_install: false,
  }),
});

const apiTest = method({
  token: 'none',
  tier: 'none',
  args: z.looseObject({ error: z.string().optional() }),
  run(_world, { error, ...args }) {
    if (error !== undefined) throw new SlackError(error, { args: { error, ...args } });
    return { args };
  },
});

const teamInfo = method({
  tier: 3,
  scopes: ['team:read'],
  args: z.object({}),
  run: ({ team }) => ({
    team: { id: team.id, name: team.name, domain: team.domain, email_domain: '', icon: {} },
  }),
});

const botsInfo = method({
  tier: 3,
  scopes: ['users:read'],
  args: z.object({ bot: z.string().optional() }),
  run(world, { bot = world.app.botId }) {
    const other = world.apps.get(bot);
    if (other === undefined && bot !== world.app.botId) throw new SlackError('bot_not_found');
    const { team_id: _team, ...profile } = botProfile(world, bot);
    const user = other === undefined ? world.app.botUser : other.userId;
    return { bot: { ...profile, ...(user !== undefined && { user_id: user }), icons: {} } };
  },
});

const addReaction = method({
  tier: 3,
  scopes: ['reactions:write'],
  args: z.object({ channel: z.string(), timestamp: ts, name: z.string() }),
  run(world, args) {
    const room = roomFor(world, args.channel);
    const message = world.messages.get(room.id, args.timestamp);
    if (message === undefined || message.ephemeral !== undefined) throw new SlackError('message_not_found');
    if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(args.name)) throw new SlackError('invalid_name');
    const { others, users } = reactionOn(message.reactions ?? [], args.name);
    if (users.includes(world.app.botUser)) throw new SlackError('already_reacted');
    const by = [...users, world.app.botUser];
    const reactions = [...others, { name: args.name, users: by, count: by.length }];
    const reacted = world.messages.replace({ ...message, reactions });
    world.stream.publish({ type: 'message_changed', message: reacted });
    return {};
  },
});

function reactionOn<R extends { name: string; users: string[] }>(
  reactions: readonly R[],
  name: string,
): { others: R[]; users: string[] } {
  const others = reactions.filter((one) => one.name !== name);
  return { others, users: reactions.find((one) => one.name === name)?.users ?? [] };
}

const validate = method({
  token: 'none',
  tier: 'special',
  args: z.object({ blocks: z.unknown().optional(), view: z.unknown().optional() }),
  run(world, args, note) {
    if (args.view === undefined) checkContent(world, { text: 'fallback', blocks: args.blocks }, note);
    else checkedView(world, args.view, isHome(args.view) ? 'home' : 'modal', note);
    return {};
  },
});

const isHome = (view: unknown): boolean => isJson(view) && view.type === 'home';

/** Tier 1 on Slack, which lets an app that reconnects have more: limited here as the special ones are. */
export function connectionsOpen(ticket: (world: World) => string): Method {
  return method({
    token: 'app',
    tier: 'special',
    args: z.object({}),
    run: (world) => ({ url: `${world.origin.replace(/^http/, 'ws')}${ticket(world)}` }),
  });
}

export const rest: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'api.test': apiTest,
  'team.info': teamInfo,
  'bots.info': botsInfo,
  'reactions.add': addReaction,
  'blocks.validate': validate,
};
