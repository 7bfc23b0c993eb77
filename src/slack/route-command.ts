/** From the words after `/deploy` to the sub-command that they name. */

import { readVerb } from '../words/word.ts';
import type { CommandCall, SubCommand } from './feature.ts';

export async function routeCommand(
  call: CommandCall,
  subCommands: ReadonlyMap<string, SubCommand>,
  otherwise: (call: CommandCall) => Promise<void>,
): Promise<void> {
  const { verb, rest } = readVerb(call.text);
  const subCommand = subCommands.get(verb);
  return subCommand === undefined ? otherwise(call) : subCommand.run({ ...call, text: rest });
}
