/** Lets one handler start per turn of the event loop, so that no ack waits behind what the clicks before it cause. */

export type TickQueue = () => Promise<void>;

/** Resolves in the order it was asked, each in a turn of its own: between them, the sockets are read. */
export function createTickQueue(): TickQueue {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(next);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
}
