/** Tests in a browser: skipped, and said so, where there is none; on CI there must be one. */

import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { CHROMIUM, chromiumIsThere, sharedChromium } from './chromium.ts';
import { type Office, openOffice } from './office.ts';

/** One office, and so one bot, for all tests of a file. */
export function inOffice(title: string, tests: (office: () => Office) => void): void {
  const missing = !chromiumIsThere();
  if (missing && process.env.CI) throw new Error(`There is no Chromium at ${CHROMIUM}; set CHROMIUM_PATH.`);
  const name = missing ? `${title} (skipped: no Chromium at ${CHROMIUM}, set CHROMIUM_PATH)` : title;
  // The usual reporter counts skipped tests and does not name them.
  if (missing) console.warn(name);
  describe.skipIf(missing)(name, { timeout: 60_000 }, () => {
    let opened: Office | undefined;
    beforeAll(async () => {
      opened = await openOffice(sharedChromium);
    });
    afterEach(async () => expect(await opened?.trouble()).toBe(''));
    afterAll(() => opened?.close());
    tests(() => {
      if (opened === undefined) throw new Error('the office is not open yet');
      return opened;
    });
  });
}
