/** Weights of servers, whole numbers up to 256, that give one group its share of the traffic. */

const MAX_WEIGHT = 256;
/** In percent points. */
const CLOSE = 0.02;

export interface Weights {
  /** Of each server of the group that is given the share. */
  share: number;
  /** Of each server of the other. */
  rest: number;
}

/** The closest that there is. `percent` is between 0 and 100, both excluded. */
export function weightsFor(percent: number, servers: { share: number; rest: number }): Weights {
  let best: Weights = { share: 1, rest: 1 };
  let off = Number.POSITIVE_INFINITY;
  // The smallest that are close: a change takes HAProxy one turn through all weights, request by request.
  for (let rest = 1; rest <= MAX_WEIGHT && off > CLOSE; rest += 1) {
    const exact = (percent * servers.rest * rest) / ((100 - percent) * servers.share);
    const share = Math.min(MAX_WEIGHT, Math.max(1, Math.round(exact)));
    const distance = Math.abs(shareOf({ share, rest }, servers) - percent);
    if (distance < off - 1e-9) {
      best = { share, rest };
      off = distance;
    }
  }
  return best;
}

/** In percent. */
export function shareOf({ share, rest }: Weights, servers: { share: number; rest: number }): number {
  const mine = share * servers.share;
  return (100 * mine) / (mine + rest * servers.rest);
}
