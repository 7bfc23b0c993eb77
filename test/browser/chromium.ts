/** The browser that tests and pictures drive: where it is, and how it is started. */

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
export const chromiumIsThere = (): boolean => existsSync(CHROMIUM);

const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** A browser, or a part of one. */
export type Contexts = Pick<Browser, 'newContext' | 'close'>;

let running: Browser | undefined;

/** One browser for all files that a worker tests, which ends with the worker; closing closes what was opened here. */
export async function sharedChromium(): Promise<Contexts> {
  if (running?.isConnected() !== true) running = await launchChromium();
  const browser = running;
  const opened: BrowserContext[] = [];
  return {
    async newContext(options) {
      const context = await browser.newContext(options);
      opened.push(context);
      return context;
    },
    async close() {
      await Promise.all(opened.map((context) => context.close()));
    },
  };
}
