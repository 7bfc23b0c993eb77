#!/usr/bin/env node
/** `gonogo`: the command line. Each command is one line in the table and one file in `cli/`. */

import type { CliCommand } from './cli/command.ts';

/** Loaded when it is asked for: the bot in production carries nothing of the demo. */
const COMMANDS: Record<string, () => Promise<CliCommand>> = {
  start: async () => (await import('./cli/start.ts')).start,
  demo: async () => (await import('./cli/demo.ts')).demo,
  init: async () => (await import('./cli/init.ts')).init,
  check: async () => (await import('./cli/check.ts')).check,
  doctor: async () => (await import('./cli/doctor.ts')).doctor,
  contract: async () => (await import('./cli/contract.ts')).contract,
  judge: async () => (await import('./cli/judge.ts')).judge,
  schema: async () => (await import('./cli/schema.ts')).schema,
  incident: async () => (await import('./cli/incident.ts')).incident,
  record: async () => (await import('./cli/record.ts')).record,
  audit: async () => (await import('./cli/audit.ts')).audit,
};

// Whoever reads our output may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (command === undefined) {
  const asked = ['help', '--help', '-h'].includes(name);
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = commands.map(({ usage, summary }) => `  gonogo ${usage.padEnd(52)} ${summary}`);
  const text = [
    ...(asked ? [] : [`gonogo: there is no command "${name}".`, '']),
    'Usage:',
    ...lines,
    '',
  ].join('\n');
  (asked ? process.stdout : process.stderr).write(text);
  process.exitCode = asked ? 0 : 64;
} else {
  process.exitCode = await (await command()).run(args);
}
