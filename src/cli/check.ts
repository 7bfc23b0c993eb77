/** `gonogo check FILE`: is this a policy, and what does it come to? */

import { readFileSync } from 'node:fs';
import { loadPolicy } from '../config/load-policy.ts';
import { readPresets } from '../config/presets.ts';
import { describeProblem } from '../config/problems.ts';
import { undeclared } from '../main/adapters.ts';
import { type Tried, tryAdapters } from '../main/try-adapters.ts';
import { messageOf } from '../message-of.ts';
import { type CliCommand, cliCommand, complain, EXIT, say } from './command.ts';
import { explainPolicy } from './explain-policy.ts';

function adapterWords({ name, kind, summary, problem }: Tried): string {
  const what = `${name} is a ${kind} (${summary})`;
  return problem === undefined
    ? `${what}: its settings and secrets are there; whether it answers, this does not try.`
    : `${what}: it cannot be opened here: ${problem}. Correct ${name}, or see that its secrets are set where GoNoGo runs.`;
}

export const check: CliCommand = cliCommand({
  forms: ['check [FILE]'],
  summary: 'check a policy file and say what it comes to',
  more: 'FILE is gonogo.yml where none is named. It opens what it can of backends and metrics, and calls nobody: gonogo doctor does.',
  options: {},
  async run({ positionals }) {
    const [file = 'gonogo.yml'] = positionals;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      complain(`${file} cannot be read: ${messageOf(error)}. \`gonogo init\` writes one to begin with.`);
      return EXIT.badData;
    }
    const loaded = loadPolicy(text, readPresets());
    if (!loaded.ok) {
      complain(`${file} is not a policy:`);
      for (const problem of loaded.problems) complain(`  ${describeProblem(problem)}`);
      return EXIT.config;
    }
    say(`${file} is a policy.`);
    for (const line of explainPolicy(loaded.policy)) say(line);
    for (const line of (await tryAdapters(loaded.policy, process.env)).map(adapterWords)) say(line);
    const nowhere = undeclared(loaded.policy);
    if (nowhere.length === 0) return EXIT.ok;
    complain('gonogo start does not take it; gonogo demo does:');
    for (const problem of nowhere) complain(`  ${problem}`);
    return EXIT.config;
  },
});
