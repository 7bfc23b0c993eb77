/** A reported problem changes nothing by itself: what follows from it are events of their own. */

import type { Evolvers } from '../evolver.ts';

export const PROBLEM_EVOLVERS: Evolvers<'problem_reported'> = { problem_reported: () => ({}) };
