/** What a command of the command line is, how it reads its words, and the exit codes that all share. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { messageOf } from '../message-of.ts';

export interface CliCommand {
  /** Each way to call it: `check [FILE]`. */
  forms: readonly string[];
  /** One line for the list of commands. */
  summary: string;
  /** What the summary has no room for. */
  more?: string;
  options: Options;
  /** Answers with the exit code. */
  run(args: string[]): Promise<number>;
}

type Option = NonNullable<ParseArgsConfig['options']>[string] & {
  /** What stands for its value: `FILE`. */
  takes?: string;
  says: string;
};

type Options = Record<string, Option>;

/** The exit codes of sysexits.h where there is one. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 64,
  badData: 65,
  unavailable: 69,
  cannotCreate: 73,
  config: 78,
} as const;

type Words<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/** A command that is run with its words read; where they are not understood, it says how it is called. */
export function cliCommand<const T extends Options>(
  own: Omit<CliCommand, 'options' | 'run'> & { options: T; run(words: Words<T>): Promise<number> },
): CliCommand {
  const command: CliCommand = {
    ...own,
    async run(args) {
      let words: Words<T>;
      try {
        words = parseArgs({ args, options: own.options, allowPositionals: true, strict: true });
      } catch (error) {
        // Node goes on with how to write a word that begins with a dash, which nobody meant.
        return misused(command, messageOf(error).split('. To specify a positional argument')[0]);
      }
      return own.run(words);
    },
  };
  return command;
}

/** Says what was wrong, where anything was, and how it is called. */
export function misused(command: CliCommand, what?: string): number {
  if (what !== undefined) complain(`${what}.`);
  complain(usageOf(command));
  return EXIT.usage;
}

function usageOf({ forms }: CliCommand): string {
  return forms.map((form, index) => `${index === 0 ? 'Usage:' : '      '} gonogo ${form}`).join('\n');
}

/** What `gonogo check --help` prints. */
export function helpOf(command: CliCommand): string {
  const { summary, more, options } = command;
  const lines = Object.entries(options).map(([name, { takes, says, default: usual }]) => ({
    option: takes === undefined ? `--${name}` : `--${name} ${takes}`,
    says: typeof usual === 'string' ? `${says} (${usual})` : says,
  }));
  const width = Math.max(0, ...lines.map(({ option }) => option.length));
  return [
    usageOf(command),
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(more === undefined ? [] : ['', more]),
    ...(lines.length === 0 ? [] : ['']),
    ...lines.map(({ option, says }) => `  ${option.padEnd(width)}  ${says}`),
  ].join('\n');
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
