#!/usr/bin/env node
/** `gonogo`: the command line. Each command is one line in the table and one file in `cli/`. */

import { audit } from './cli/audit.ts';
import { check } from './cli/check.ts';
import type { CliCommand } from './cli/command.ts';
import { demo } from './cli/demo.ts';
import { schema } from './cli/schema.ts';
import { start } from './cli/start.ts';

const COMMANDS: Record<string, CliCommand> = { start, demo, check, schema, audit };

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (command === undefined) {
  const asked = ['help', '--help', '-h'].includes(name);
  const lines = Object.values(COMMANDS).map(
    ({ usage, summary }) => `  gonogo ${usage.padEnd(52)} ${summary}`,
  );
  const text = [
    ...(asked ? [] : [`gonogo: there is no command "${name}".`, '']),
    'Usage:',
    ...lines,
    '',
  ].join('\n');
  (asked ? process.stdout : process.stderr).write(text);
  process.exitCode = asked ? 0 : 64;
} else {
  process.exitCode = await command.run(args);
}
