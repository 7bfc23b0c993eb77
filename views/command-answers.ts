/** Help, and what was probably meant where a command, a service or a version is not known (K-1). */

import type { KnownBlock } from '@slack/types';
import { actions, button, context, inWords, type Rendered, section } from './blocks.ts';
import { code, inline } from './text.ts';
import { textSections } from './text-sections.ts';

export interface Usage {
  /** `rollback SERVICE [ENVIRONMENT]` */
  usage: string;
  summary: string;
}

export const MEANT_ACTION = 'command.meant';

/** Slack's limit of a button's value. */
const MAX_VALUE = 2_000;

/** A button that does what was meant; who may is asked when it is clicked. `command` is all that follows `/deploy`. */
function meantButton(command: string | undefined): KnownBlock[] {
  if (command === undefined || command.length > MAX_VALUE) return [];
  return actions('command.actions', [
    button({
      action: MEANT_ACTION,
      text: `Run /deploy ${command}`,
      value: command,
      label: `Run /deploy ${command}`,
    }),
  ]);
}

/** A sub-command that does not exist (K-1); `meant` is the whole command as it was probably meant. */
export function renderUnknownCommand(word: string, near: Usage | undefined, meant?: string): Rendered {
  const text =
    near === undefined
      ? `There is no ${code(`/deploy ${word}`, 60)} here, and no service of that name. ${code('/deploy help')} lists what there is.`
      : `There is no ${code(`/deploy ${word}`, 60)}. Did you mean ${code(`/deploy ${near.usage}`, 120)}? (${inline(near.summary, 200)})`;
  return { text, blocks: [section(text), ...meantButton(near && meant)] };
}

/** `No service "chekout". Did you mean checkout?` */
export function renderUnknownName(
  what: 'service' | 'environment' | 'version' | 'deployment' | 'contract',
  word: string,
  { near, known, meant }: { near?: string; known: readonly string[]; meant?: string },
): Rendered {
  const instead = near === undefined ? '' : ` Did you mean ${code(near)}?`;
  const shown = known.slice(0, 15).map((one) => inline(one, 40));
  const more = known.length > shown.length ? `, and ${known.length - shown.length} more` : '';
  const all =
    near !== undefined || shown.length === 0
      ? ''
      : ` There ${shown.length === 1 ? 'is' : 'are'}: ${shown.join(', ')}${more}.`;
  const text = `No ${what} ${code(word, 60)}.${instead}${all}`;
  return { text, blocks: [section(text), ...meantButton(near && meant)] };
}

export function renderHelp(commands: readonly Usage[]): Rendered {
  const lines = commands.map(
    ({ usage, summary }) => `${code(`/deploy ${usage}`, 120)}  ${inline(summary, 200)}`,
  );
  const start = [
    `${code('/deploy')}  Schedule a deployment`,
    `${code('/deploy checkout v2.1.0 to production at 14:00')}  The same, filled in`,
  ];
  const end =
    'Cards in the channels show every deployment and what can be done with it. Home shows what waits for you.';
  return {
    text: inWords([...start, ...lines, end]),
    blocks: [section(...start), ...textSections(lines), context(end)],
  };
}

/** Help about one sub-command, also for one that was used wrongly. */
export function renderUsage(command: Usage, problem?: string): Rendered {
  const lines = [
    ...(problem === undefined ? [] : [inline(problem, 500)]),
    `${code(`/deploy ${command.usage}`, 120)}  ${inline(command.summary, 200)}`,
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}
