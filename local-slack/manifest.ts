/** What the app's manifest declares: its commands, shortcuts, scopes and events are all that it gets. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const command = z.object({
  command: z.string().regex(/^\/\S+$/),
  description: z.string().default(''),
  usage_hint: z.string().optional(),
  should_escape: z.boolean().default(false),
});

const shortcut = z.object({
  name: z.string().max(24),
  type: z.enum(['global', 'message']),
  callback_id: z.string().max(255),
  description: z.string().default(''),
});

const schema = z.object({
  display_information: z.object({ name: z.string().max(35), description: z.string().optional() }),
  features: z
    .object({
      app_home: z
        .object({
          home_tab_enabled: z.boolean().default(false),
          messages_tab_enabled: z.boolean().default(true),
          messages_tab_read_only_enabled: z.boolean().default(false),
        })
        .optional(),
      bot_user: z.object({ display_name: z.string() }).optional(),
      slash_commands: z.array(command).max(50).default([]),
      shortcuts: z.array(shortcut).max(10).default([]),
    })
    .prefault({}),
  oauth_config: z
    .object({ scopes: z.object({ bot: z.array(z.string()).default([]) }).prefault({}) })
    .prefault({}),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
      interactivity: z.object({ is_enabled: z.boolean().default(false) }).prefault({}),
    })
    .prefault({}),
});

export type Command = z.infer<typeof command>;
export type Shortcut = z.infer<typeof shortcut>;

export interface Manifest {
  name: string;
  botName: string;
  commands: ReadonlyMap<string, Command>;
  shortcuts: ReadonlyMap<string, Shortcut>;
  scopes: ReadonlySet<string>;
  events: ReadonlySet<string>;
  interactive: boolean;
  hasHome: boolean;
  /** Whether there are direct messages with the bot at all. */
  hasMessages: boolean;
  /** Whether people may write to the bot. */
  takesMessages: boolean;
}

/** Throws with the path of what is wrong. */
export function readManifest(source: string | object): Manifest {
  const raw: unknown = typeof source === 'string' ? parse(readFileSync(source, 'utf8')) : source;
  const read = schema.safeParse(raw);
  if (!read.success) throw new Error(`The manifest is not valid: ${z.prettifyError(read.error)}`);
  const { display_information, features, oauth_config, settings } = read.data;
  const home = features.app_home;
  return {
    name: display_information.name,
    botName: (features.bot_user?.display_name ?? display_information.name).toLowerCase(),
    commands: new Map(features.slash_commands.map((one) => [one.command, one])),
    shortcuts: new Map(features.shortcuts.map((one) => [one.callback_id, one])),
    scopes: new Set(oauth_config.scopes.bot),
    events: new Set(settings.event_subscriptions.bot_events),
    interactive: settings.interactivity.is_enabled,
    hasHome: home?.home_tab_enabled ?? false,
    hasMessages: home?.messages_tab_enabled ?? true,
    takesMessages: (home?.messages_tab_enabled ?? true) && !(home?.messages_tab_read_only_enabled ?? false),
  };
}
