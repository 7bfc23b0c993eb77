/** What comes of a stage whose watch ends undecided. */

import type { StageOf } from './memory.ts';
import type { JudgePlan, Look, Undecided } from './types.ts';

/** What the policy says for a stage. */
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
