/** Which commands there are: each is one line in the table and one file beside it. */

import { readFileSync } from 'node:fs';
import { nearest } from '../config/nearest.ts';
import { type CliCommand, complain, EXIT, helpOf, say } from './command.ts';
import { fromRoot } from './from-root.ts';

/** Loaded when it is asked for: the bot in production carries nothing of the demo. */
const COMMANDS: Record<string, () => Promise<CliCommand>> = {
  start: async () => (await import('./start.ts')).start,
  demo: async () => (await import('./demo.ts')).demo,
  init: async () => (await import('./init.ts')).init,
  check: async () => (await import('./check.ts')).check,
  doctor: async () => (await import('./doctor.ts')).doctor,
  contract: async () => (await import('./contract.ts')).contract,
  judge: async () => (await import('./judge.ts')).judge,
  schema: async () => (await import('./schema.ts')).schema,
  incident: async () => (await import('./incident.ts')).incident,
  report: async () => (await import('./report.ts')).report,
  record: async () => (await import('./record.ts')).record,
  audit: async () => (await import('./audit.ts')).audit,
  metrics: async () => (await import('./metrics.ts')).metrics,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./backup.ts')).restore,
};

/** Answers with the exit code. */
export async function run([name = 'help', ...args]: string[]): Promise<number> {
  if (name === '--version') return tell(versionOf(readFileSync(fromRoot('package.json'), 'utf8')));
  const asksForHelp = ['help', '--help', '-h'];
  if (asksForHelp.includes(name))
    return args[0] === undefined ? tell(await overview()) : run([args[0], '--help']);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) return unknown(name);
  const command = await load();
  return args.some((word) => word === '--help' || word === '-h') ? tell(helpOf(command)) : command.run(args);
}

function tell(text: string): number {
  say(text);
  return EXIT.ok;
}

async function overview(): Promise<string> {
  const lines = Object.entries(COMMANDS).map(
    async ([name, load]) => `  ${name.padEnd(10)}${(await load()).summary}`,
  );
  return [
    'Usage: gonogo COMMAND',
    '',
    ...(await Promise.all(lines)),
    '',
    '`gonogo COMMAND --help` says more.',
  ].join('\n');
}

async function unknown(name: string): Promise<number> {
  const meant = nearest(name, Object.keys(COMMANDS));
  complain(
    `There is no command "${name}".${meant === undefined ? '' : ` Did you mean ${meant}?`}\n\n${await overview()}`,
  );
  return EXIT.usage;
}

function versionOf(packageJson: string): string {
  return String((JSON.parse(packageJson) as { version: unknown }).version);
}
