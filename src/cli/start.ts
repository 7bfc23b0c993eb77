/** `gonogo start`: the bot, as the environment and gonogo.yml describe it. */

import { createSimulatedWorld, type SimulatedWorld } from '../backends/simulator.ts';
import { createClock } from '../clock.ts';
import { DatabaseFault } from '../conductor/ports/faults.ts';
import { readEnvironment } from '../config/environment.ts';
import { createLog } from '../log.ts';
import { StartError } from '../main/start-error.ts';
import { type Gonogo, startGonogo } from '../main.ts';
import { SECOND } from '../time.ts';
import { type CliCommand, cliCommand, complain, EXIT } from './command.ts';
import { untilStopped } from './until-stopped.ts';

export const start: CliCommand = cliCommand({
  forms: ['start'],
  summary: 'run the bot',
  more: 'Settings come from the environment, SLACK_BOT_TOKEN and the others that README.md lists. SIGHUP reads the policy again.',
  options: {},
  async run() {
    const read = readEnvironment(process.env);
    if (!read.ok) {
      complain(
        `The environment is not complete:\n${read.problems.map((problem) => `  ${problem}`).join('\n')}`,
      );
      return EXIT.config;
    }
    const { environment } = read;
    const log = createLog({ level: environment.LOG_LEVEL });
    const clock = createClock({
      onStep: (by) =>
        log.warn({ seconds: by / SECOND }, 'the clock of the machine was set, or the machine slept'),
    });
    let world: SimulatedWorld | undefined;
    const openWorld = (): SimulatedWorld => {
      world ??= createSimulatedWorld({ seed: 1, clock, ...worldFile(environment.GONOGO_DB) });
      return world;
    };
    let gonogo: Gonogo;
    try {
      gonogo = await startGonogo({ environment, log, clock, world: openWorld });
    } catch (error) {
      const why = whyNotStarted(error, environment.GONOGO_DB);
      if (why === undefined) throw error;
      complain(why.message);
      return why.exit;
    }
    const { reload } = gonogo;
    process.on('SIGHUP', () => void reload());
    await untilStopped();
    await gonogo.stop();
    world?.close();
    return EXIT.ok;
  },
});

/** What whoever starts it can mend, in words; undefined for a fault of ours. */
export function whyNotStarted(error: unknown, db: string): { message: string; exit: number } | undefined {
  if (error instanceof DatabaseFault) return { message: `${db}: ${error.message}.`, exit: EXIT.unavailable };
  return error instanceof StartError ? { message: error.message, exit: EXIT.config } : undefined;
}

/** The simulated world lives beside the record that speaks of it. */
export function worldFile(db: string): { file?: string } {
  return db === ':memory:' ? {} : { file: `${db}.world` };
}
