/** What one stage has of its own: its rules, and what comes of it where its watch ends undecided. */

import { defined } from '../defined.ts';
import type { StageOf } from './memory.ts';
import type { JudgePlan, Look, Undecided } from './types.ts';

/** The plan with the rules of a stage in the place of those of all. */
export function planIn(plan: JudgePlan, number: number): JudgePlan {
  const { criteria, triggers } = plan.stages.find(({ stage }) => stage === number) ?? {};
  return { ...plan, ...defined({ criteria, triggers }) };
}

/** What the policy says for a stage that ends undecided. */
export function undecidedIn({ undecided, stages }: JudgePlan, { number, of }: StageOf): Undecided {
  const own = stages.find(({ stage }) => stage === number)?.undecided;
  return own ?? (number === of ? undecided.last : undecided.usual);
}

/** What is done: against a suspicion nothing goes on, it is watched longer, once; against a rule it holds at once. */
export function atStageEnd(policy: Undecided, look: Look, extended: boolean): Undecided {
  if (look.verdict !== 'undecided') return 'hold';
  if (policy === 'go_on' && look.mayGoOn) return 'go_on';
  return policy !== 'hold' && look.mayExtend && !extended ? 'extend' : 'hold';
}
