/** The policy in force, and how another takes its place while the program runs (PR-4). */

import { messageOf } from '../message-of.ts';
import type { Policy } from '../policy/policy.ts';
import { atOnce, givingWay, type InParts } from './in-parts.ts';
import { loadingPolicy } from './load-policy.ts';
import { describeProblem } from './problems.ts';

export type Reloaded =
  /** The file says what it said before. */
  | { kind: 'unchanged' }
  | { kind: 'taken'; policy: Policy }
  /** The one before stays in force. */
  | { kind: 'refused'; problems: string[] };

export interface LivePolicy {
  current(): Policy;
  /** Others are served while a long file is read. One after the other: not to be called while it runs. */
  reload(): Promise<Reloaded>;
}

export interface LivePolicyOptions {
  /** What the file says now; throws where it cannot be read. */
  read(): string;
  presets: Readonly<Record<string, string>>;
  /** Makes ready what the policy names; throws where that cannot be done, and the policy is not taken. */
  prepare(policy: Policy): void;
}

/** Throws a `PolicyProblem` where there is no policy to begin with. */
export class PolicyProblem extends Error {
  override readonly name = 'PolicyProblem';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

export function createLivePolicy(options: LivePolicyOptions): LivePolicy {
  let text = readText(options);
  let policy = atOnce(policyIn(text, options));

  return {
    current: () => policy,
    async reload() {
      try {
        const newer = readText(options);
        if (newer === text) return { kind: 'unchanged' };
        // A file that was refused is not refused again until it is changed again.
        text = newer;
        policy = await givingWay(policyIn(newer, options));
        return { kind: 'taken', policy };
      } catch (error) {
        if (!(error instanceof PolicyProblem)) throw error;
        return { kind: 'refused', problems: [...error.problems] };
      }
    },
  };
}

function readText({ read }: LivePolicyOptions): string {
  try {
    return read();
  } catch (error) {
    throw new PolicyProblem([`it cannot be read: ${messageOf(error)}`], { cause: error });
  }
}

function* policyIn(text: string, { presets, prepare }: LivePolicyOptions): InParts<Policy> {
  const loaded = yield* loadingPolicy(text, presets);
  if (!loaded.ok) throw new PolicyProblem(loaded.problems.map(describeProblem));
  yield;
  try {
    prepare(loaded.policy);
  } catch (error) {
    throw new PolicyProblem([messageOf(error)], { cause: error });
  }
  return loaded.policy;
}
