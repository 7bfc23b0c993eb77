/** Waits until somebody asks the process to end, with Ctrl-C or as a service manager does. */

export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
