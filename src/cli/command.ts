/** What a command of the command line is, and the exit codes they share. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { messageOf } from '../message-of.ts';

export interface CliCommand {
  /** `check FILE` */
  usage: string;
  summary: string;
  /** Answers with the exit code. */
  run(args: string[]): Promise<number>;
}

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

type Options = NonNullable<ParseArgsConfig['options']>;

/** Undefined where the words are not understood: the usage was printed, and the exit code is `EXIT.usage`. */
export function readArgs<T extends Options>(args: string[], command: Pick<CliCommand, 'usage'>, options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    complain(`${messageOf(error)}\nUsage: gonogo ${command.usage}`);
    return undefined;
  }
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
