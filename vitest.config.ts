import { defineConfig } from 'vitest/config';

const report = process.env.GONOGO_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of real time: `npm run test:real`.
    exclude: ['test/real/**'],
    pool: 'forks',
    maxWorkers: 2,
    // What tests make is short-lived: with more room for it the collector runs less often, and copies less.
    execArgv: ['--max-semi-space-size=64'],
    // Each test opens its own bot, record and Slack: files share nothing but the modules, which are loaded once.
    isolate: false,
    // What was compiled of a file is kept until the file changes: half of a short run's time.
    experimental: { fsModuleCache: true },
    // Ends what hangs; a machine that has other work is slow, and that is no failure.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
