/** Shows an address to whoever sits at this machine. */

import { spawn } from 'node:child_process';

/** A convenience: where there is no browser to open, the address printed above is enough. */
export function openBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  if (!process.stdout.isTTY) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
