/** What changed between two simulated versions: one commit per release between them, always the same ones. */

import { type Changes, changesOf } from '../../terms/changes.ts';
import type { SimulatedRelease, SimulatedService } from './catalogue.ts';

const AUTHORS = ['priya', 'tom', 'mai', 'omar'];
const FILES = [
  ['src/orders/total.ts', 'db/migrations/0042_totals.sql'],
  ['src/payment/acquirer.ts', 'src/payment/retry.ts', 'test/payment/retry.test.ts'],
  ['src/api/vouchers.ts', 'package.json', 'package-lock.json'],
  ['config/limits.toml', 'src/api/limits.ts'],
];

export function simulatedChanges(service: SimulatedService, from: string, to: string): Changes {
  const between = commitsBetween(service.releases, from, to);
  const back = commitsBetween(service.releases, to, from);
  return changesOf({
    from,
    to,
    commits: between.map(({ title, version }) => ({
      author: pick(AUTHORS, version) ?? '',
      message: `${title} (#${numberOf(version)})`,
    })),
    lost: back.length,
    files: [...new Set([...between, ...back].flatMap(({ version }) => pick(FILES, version) ?? []))],
  });
}

/** Those that `to` has and `from` has not. */
function commitsBetween(releases: readonly SimulatedRelease[], from: string, to: string): SimulatedRelease[] {
  const age = (version: string): number =>
    releases.find((release) => release.version === version)?.builtBefore ?? Number.POSITIVE_INFINITY;
  return releases.filter(({ builtBefore }) => builtBefore < age(from) && builtBefore >= age(to));
}

function numberOf(version: string): number {
  return 100 + [...version].reduce((sum, character) => (sum * 7 + character.charCodeAt(0)) % 900, 0);
}

function pick<T>(all: readonly T[], version: string): T | undefined {
  return all[numberOf(version) % all.length];
}
