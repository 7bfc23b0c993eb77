/** What a person types, as Slack stores it: escaped, with `@name` and `#channel` turned into mentions. */
import type { Workspace } from '../../protocol.ts';
import { emojiLike } from './emoji.ts';
import { escapeText } from './mrkdwn.ts';

const BROADCASTS = ['here', 'channel', 'everyone'];

/** Everything after an `@`, by the word one types. */
function mentionTable(workspace: Workspace | undefined): Map<string, string> {
  const table = new Map<string, string>(BROADCASTS.map((range) => [range, `<!${range}>`]));
  for (const group of workspace?.usergroups ?? []) table.set(group.handle, `<!subteam^${group.id}>`);
  for (const person of workspace?.users ?? []) if (!person.deleted) table.set(person.name, `<@${person.id}>`);
  return table;
}

export function typedToMrkdwn(text: string, workspace: Workspace | undefined): string {
  const mentions = mentionTable(workspace);
  const channels = new Map((workspace?.channels ?? []).map((channel) => [channel.name, `<#${channel.id}>`]));
  return escapeText(text)
    .replace(
      /(?<![\w@])@([\p{L}\p{N}._-]*[\p{L}\p{N}])/gu,
      (typed, name: string) => mentions.get(name) ?? typed,
    )
    .replace(/(?<![\w#&])#([\p{L}\p{N}_-]+)/gu, (typed, name: string) => channels.get(name) ?? typed);
}

/** One line of a completion list. */
export interface Completion {
  /** What stands in the text when it is taken. */
  insert: string;
  title: string;
  detail: string;
  /** A person whose avatar is drawn. */
  person?: string;
}

export interface Completing {
  from: number;
  options: Completion[];
}

const MAX_MATCHES = 8;
const starts = (text: string, typed: string) => text.toLowerCase().startsWith(typed);

function people(workspace: Workspace, typed: string): Completion[] {
  const users = workspace.users
    .filter((person) => !person.deleted)
    .filter((person) => [person.name, ...person.real_name.split(' ')].some((name) => starts(name, typed)))
    .map((person) => ({
      insert: `@${person.name} `,
      title: person.real_name,
      detail: person.title ?? `@${person.name}`,
      person: person.id,
    }));
  const groups = workspace.usergroups
    .filter((group) => starts(group.handle, typed))
    .map((group) => ({ insert: `@${group.handle} `, title: `@${group.handle}`, detail: group.name }));
  const broadcasts = BROADCASTS.filter((range) => typed !== '' && range.startsWith(typed)).map((range) => ({
    insert: `@${range} `,
    title: `@${range}`,
    detail: 'Everyone here',
  }));
  return [...users, ...groups, ...broadcasts].slice(0, MAX_MATCHES);
}

function commands(workspace: Workspace, typed: string): Completion[] {
  return workspace.commands
    .filter((one) => one.command.startsWith(typed))
    .map((one) => ({
      insert: `${one.command} `,
      title: [one.command, one.usage_hint].filter(Boolean).join(' '),
      detail: one.description,
    }))
    .slice(0, MAX_MATCHES);
}

/** What could complete the word before the caret; undefined when nothing could. */
export function completing(
  text: string,
  caret: number,
  workspace: Workspace | undefined,
): Completing | undefined {
  if (workspace === undefined) return undefined;
  const before = text.slice(0, caret);
  if (/^\/\S*$/.test(before)) return offered(0, commands(workspace, before));
  const word = /(?:^|[\s(])([@#:])([^\s@#:]*)$/.exec(before);
  if (!word) return undefined;
  const [, sign, typed = ''] = word;
  const from = caret - typed.length - 1;
  if (sign === '@') return offered(from, people(workspace, typed.toLowerCase()));
  if (sign === '#') {
    const channels = workspace.channels.filter(
      (channel) => !channel.is_private && starts(channel.name, typed.toLowerCase()),
    );
    return offered(
      from,
      channels
        .slice(0, MAX_MATCHES)
        .map(({ name, topic }) => ({ insert: `#${name} `, title: `#${name}`, detail: topic ?? '' })),
    );
  }
  if (typed.length < 2) return undefined;
  const emoji = emojiLike(typed.toLowerCase(), MAX_MATCHES);
  return offered(
    from,
    emoji.map(({ name, character }) => ({
      insert: `${character} `,
      title: `${character}  :${name}:`,
      detail: '',
    })),
  );
}

function offered(from: number, options: Completion[]): Completing | undefined {
  return options.length > 0 ? { from, options } : undefined;
}
