/** The side of a measured process: it says that it is ready, and answers what its parent asks. */

export interface Questions {
  /** Microseconds of CPU since the process began. */
  cpu: { cpu: number };
  /** Bytes, after the garbage is collected. */
  memory: { rss: number; heapUsed: number; external: number };
  /** Answers once nothing is left to do. */
  settle: Record<string, never>;
}

type Answers = Record<string, (given: unknown) => unknown>;

export function answerParent(ready: object, answers: Answers = {}): void {
  const all: Answers = { cpu: () => ({ cpu: cpuTime() }), memory, settle: () => ({}), ...answers };
  process.on('message', (message: { ask: string; id: number; given?: unknown }) => {
    Promise.resolve()
      .then(() => all[message.ask]?.(message.given))
      .then(
        (answer) => process.send?.({ id: message.id, answer }),
        (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
      );
  });
  process.once('SIGTERM', () => process.exit());
  // Nobody is left to ask: the parent is gone.
  process.on('disconnect', () => process.exit());
  process.send?.({ ready });
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function memory(): Promise<Questions['memory']> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('started without --expose-gc');
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}
