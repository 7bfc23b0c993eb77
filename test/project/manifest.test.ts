import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
const manifest = z
  .object({
    features: z.object({
      slash_commands: z.array(z.object({ command: z.string(), usage_hint: z.string() })),
      shortcuts: z.array(z.object({ callback_id: z.string() })).default([]),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
  })
  .parse(parse(text));

const source = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const listeners = source('src/slack/listeners.ts');
const callers = ['src/slack', 'commands', 'src', 'src/main/doctor'].flatMap((folder) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => source(`${folder}/${file}`)),
);

/** Files are loaded by their address, which no method gives. */
const loadsFiles = callers.some((text) => text.includes('authorization: `Bearer'));

/** Each Web API method that is called, and the scope Slack asks for it; none where every app may. */
const SCOPES: Record<string, string[]> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.open': ['im:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.delete': ['files:write'],
  'users.info': ['users:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  'views.push': [],
  'views.update': [],
  'views.publish': [],
  'auth.test': [],
};

const called = new Set(
  callers.flatMap((text) =>
    [
      ...text.matchAll(
        /(?:client|interactive|outbound)\.((?:chat|conversations|users|usergroups|views|auth|files|reactions)(?:\.\w+)+)\(/g,
      ),
    ].map((match) => match[1] ?? ''),
  ),
);

const heard = [...listeners.matchAll(/app\.event\('([^']+)'/g)].map((match) => match[1] ?? '');

describe('manifest.yml', () => {
  it('K-10: declares exactly the commands that are answered', () => {
    const answered = [...listeners.matchAll(/app\.command\('([^']+)'/g)].map((match) => match[1]);
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(answered);
  });

  it('K-10: subscribes to exactly the events that are listened to', () => {
    // One listener hears the messages of every kind of place.
    const kinds = manifest.settings.event_subscriptions.bot_events.map((event) =>
      event.replace(/^message\..*/, 'message'),
    );
    expect([...new Set(kinds)].toSorted()).toEqual(heard.toSorted());
  });

  it('K-10: declares exactly the shortcuts that are answered', () => {
    const answered = [...listeners.matchAll(/app\.shortcut\('([^']+)'/g)].map((match) => match[1]);
    expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(answered);
  });

  it('K-10: asks for exactly the scopes that the called methods need', () => {
    expect([...called].filter((method) => !(method in SCOPES))).toEqual([]);
    expect(Object.keys(SCOPES).filter((method) => !called.has(method))).toEqual([]);
    const needed = new Set([
      'commands',
      ...(heard.includes('app_mention') ? ['app_mentions:read'] : []),
      ...(loadsFiles ? ['files:read'] : []),
      ...[...called].flatMap((method) => SCOPES[method] ?? []),
    ]);
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });
});
