/** `gonogo check FILE`: is this a policy, and what does it come to? */

import { readFileSync } from 'node:fs';
import { loadPolicy } from '../config/load-policy.ts';
import { readPresets } from '../config/presets.ts';
import { describeProblem } from '../config/problems.ts';
import { plannedDuration, stagesOf } from '../deployment/plan.ts';
import type { Policy } from '../policy/policy.ts';
import { HOUR, MINUTE } from '../time.ts';
import { type CliCommand, complain, EXIT, readArgs, say } from './command.ts';

export const check: CliCommand = {
  usage: 'check FILE',
  summary: 'check a policy file and say what it comes to',
  async run(args) {
    const read = readArgs(args, check, {});
    if (read === undefined) return EXIT.usage;
    const [file = 'gonogo.yml'] = read.positionals;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      complain(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return EXIT.badData;
    }
    const loaded = loadPolicy(text, readPresets());
    if (!loaded.ok) {
      complain(`${file} is not a policy:`);
      for (const problem of loaded.problems) complain(`  ${describeProblem(problem)}`);
      return EXIT.config;
    }
    say(`${file} is a policy.`);
    for (const line of explain(loaded.policy)) say(line);
    return EXIT.ok;
  },
};

export function explain(policy: Policy): string[] {
  const services = [...policy.services.values()].map(
    ({ name, environments, backend, metrics, strategy }) =>
      `service ${name}: ${environments.join(' → ')}; ${strategy}; backend ${backend}, metrics ${metrics}`,
  );
  const environments = policy.environments.map(({ id, signOffs }) => {
    const asked = signOffs.map(({ role, quorum, only }) => {
      const name = policy.roles.get(role)?.name ?? role;
      return `${quorum > 1 ? `${quorum} × ` : ''}${name}${only ? ` (${only.join(', ')})` : ''}`;
    });
    return `${id}: ${asked.length === 0 ? 'no sign-off' : `sign-offs by ${asked.join(', ')}`}`;
  });
  const strategies = [...policy.strategies.values()].map(({ id, plan }) => {
    const shares = stagesOf(plan).map(({ percent }) => percent);
    return `strategy ${id}: ${shares.join(' → ')} %, ${inWords(plannedDuration(plan))} of watching`;
  });
  return [...services, ...environments, ...strategies];
}

function inWords(duration: number): string {
  const hours = Math.floor(duration / HOUR);
  const minutes = Math.round((duration % HOUR) / MINUTE);
  return (
    [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean).join(' ') || '0 min'
  );
}
