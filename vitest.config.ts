import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const report = process.env.GONOGO_TEST_REPORT;

/** What takes longest, however short its file is: begun last, it would keep one worker busy when the others are done. */
const LONGEST = [/\/test\/crash\//, /\/test\/deployment\/in-every-story/, /\/test\/(browser|page)\//];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.some((one) => one.test(moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of real time: `npm run test:real`.
    exclude: ['test/real/**'],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: [
      // What tests make is short-lived: with more room for it the collector runs less often, and copies less.
      '--max-semi-space-size=64',
      // Most of what runs, runs a few times in each of many tests: it is compiled at once, and stays so.
      '--always-sparkplug',
      '--no-flush-bytecode',
    ],
    // Each test opens its own bot, record and Slack: files share nothing but the modules, which are loaded once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // What was compiled of a file is kept until the file changes: half of a short run's time.
    experimental: { fsModuleCache: true },
    // Ends what hangs; a machine that has other work is slow, and that is no failure.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
