/** `npm run bench [-- ack go hold judge look start memory policy record rollback rollouts suspects workspace-size]`: builds, and prints one table per bench. Ratios in one run, on one machine. */

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { benchAck } from './ack.ts';
import { benchGo } from './go.ts';
import { benchHold } from './hold.ts';
import { benchJudge } from './judge.ts';
import { benchLook } from './look.ts';
import { benchMemory } from './memory.ts';
import { benchPolicy } from './policy.ts';
import { ROOT } from './processes.ts';
import { benchRecord } from './record.ts';
import { benchRollback } from './rollback.ts';
import { benchRollouts } from './rollouts.ts';
import { benchStart } from './start.ts';
import { benchSuspects } from './suspects.ts';
import { benchWorkspaceSize } from './workspace-size.ts';

const BENCHES: Record<string, () => Promise<void>> = {
  ack: benchAck,
  go: () => benchGo(options.beside),
  start: benchStart,
  hold: benchHold,
  judge: benchJudge,
  look: () => benchLook(options.beside),
  memory: benchMemory,
  policy: benchPolicy,
  record: benchRecord,
  rollback: benchRollback,
  rollouts: benchRollouts,
  suspects: benchSuspects,
  'workspace-size': benchWorkspaceSize,
};

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    'no-build': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    // Another checkout, which is built: `go` and `look` measure both in turn.
    beside: { type: 'string' },
  },
});
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}: ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exitCode = 64;
} else {
  if (!options['no-build']) build();
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) await BENCHES[name]?.();
}

/** As it ships, and the bench beside it: a loader in the measured processes would be measured too. */
function build(): void {
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('npm', 'run', '--silent', 'build');
  run('npx', 'tsc', '-p', 'bench/tsconfig.json');
}
