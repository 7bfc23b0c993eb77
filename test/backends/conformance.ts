/** What every deploy backend must do; an adapter's own test is `testBackend` with a subject of its own. */

import { afterEach, beforeEach, describe, it } from 'vitest';
import { COMMANDS } from './conformance/commands.ts';
import { ROLLBACKS } from './conformance/rollbacks.ts';
import { STRATEGIES } from './conformance/strategies.ts';
import type { BackendSubject, Tests } from './conformance/subject.ts';
import { TROUBLE } from './conformance/trouble.ts';

/** Tests that a subject cannot run, with the reason; a title that no test has is an error. */
export interface Limit {
  reason: string;
  tests: BackendTest[];
}

export type BackendTest = keyof typeof TESTS;

const TESTS = {
  ...COMMANDS,
  ...STRATEGIES,
  ...ROLLBACKS,
  ...TROUBLE,
};

export function testBackend(
  name: string,
  makeSubject: () => Promise<BackendSubject>,
  limits: readonly Limit[] = [],
): void {
  describe(`the backend ${name}`, () => {
    let subject: BackendSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.close();
    });
    for (const [title, run] of Object.entries<Tests[string]>(TESTS)) {
      const limit = limits.find(({ tests }) => tests.some((test) => test === title));
      it(title, async (context) => {
        if (limit !== undefined) context.skip(limit.reason);
        await run(subject, context);
      });
    }
  });
}
