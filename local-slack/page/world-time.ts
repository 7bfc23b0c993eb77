/** How the workspace's time follows from the browser's. */

export interface WorldClock {
  /** What the server's clock showed, in milliseconds since the epoch. */
  world: number;
  /** What the browser's showed then. */
  browser: number;
  /** Seconds of the workspace in one of the browser. */
  speed: number;
}

export const worldAt = ({ world, browser, speed }: WorldClock, browserNow: number): number =>
  world + (browserNow - browser) * speed;
