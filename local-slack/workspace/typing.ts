/** What Slack makes of the text a person types: names become mentions, and the rest is escaped. */
import type { World } from '../world.ts';

const TOKEN = /<[@#!][^<>\s][^<>]*>|<https?:\/\/[^<>\s]+>/g;
const NAMES = /(^|[\s(])([@#])([\p{L}\p{N}][\p{L}\p{N}._-]*)/gu;
const EVERYONE = new Set(['channel', 'here', 'everyone']);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * A mention that is written out, such as `<@U…>`, stands for one picked from the menu and stays.
 * Commands carry the name beside the id; messages do not.
 */
export function typed(world: World, text: string, { named }: { named: boolean }): string {
  let done = '';
  let from = 0;
  for (const token of text.matchAll(TOKEN)) {
    done += mentions(world, escaped(text.slice(from, token.index)), named) + token[0];
    from = token.index + token[0].length;
  }
  return done + mentions(world, escaped(text.slice(from)), named);
}

function mentions(world: World, text: string, named: boolean): string {
  return text.replace(NAMES, (whole: string, before: string, sign: string, word: string) => {
    // A sentence may end right after a name.
    const name = word.replace(/[._-]+$/, '');
    const mention = sign === '@' ? personOrGroup(world, name, named) : channel(world, name, named);
    return mention === undefined ? whole : `${before}${mention}${word.slice(name.length)}`;
  });
}

function personOrGroup(world: World, name: string, named: boolean): string | undefined {
  if (EVERYONE.has(name)) return `<!${name}>`;
  const person = world.people.named(name);
  if (person !== undefined) return named ? `<@${person.id}|${person.name}>` : `<@${person.id}>`;
  const group = world.people.groupCalled(name);
  if (group === undefined) return undefined;
  return named ? `<!subteam^${group.id}|@${group.handle}>` : `<!subteam^${group.id}>`;
}

function channel(world: World, name: string, named: boolean): string | undefined {
  const room = world.channels.named(name);
  if (room === undefined) return undefined;
  return named ? `<#${room.id}|${room.name}>` : `<#${room.id}>`;
}
