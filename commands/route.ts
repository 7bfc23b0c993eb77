/** From the words after `/deploy` to the sub-command that they name. */

import type { CommandCall, Feature, SubCommand } from '../src/slack/feature.ts';
import { readVerb } from '../src/words/aliases.ts';

/** `otherwise` gets words that are no sub-command, or none at all. */
export async function routeCommand(
  call: CommandCall,
  subCommands: ReadonlyMap<string, SubCommand>,
  otherwise: (call: CommandCall) => Promise<void>,
): Promise<void> {
  const { verb, rest } = readVerb(call.text);
  const subCommand = subCommands.get(verb);
  return subCommand === undefined ? otherwise(call) : subCommand.run({ ...call, text: rest });
}

export function subCommandsOf(features: readonly Feature[]): ReadonlyMap<string, SubCommand> {
  const all = new Map<string, SubCommand>();
  for (const [word, subCommand] of features.flatMap((feature) => Object.entries(feature.subCommands ?? {}))) {
    if (all.has(word)) throw new Error(`two features answer /deploy ${word}`);
    all.set(word, subCommand);
  }
  return all;
}
