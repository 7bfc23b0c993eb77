import { defineConfig } from 'vitest/config';
import everything from './vitest.config.ts';

/** Real programs in real time: apart from the others, which must not wait for them. */
export default defineConfig({
  test: { ...everything.test, include: ['test/real/*.test.ts'], exclude: [], testTimeout: 120_000 },
});
