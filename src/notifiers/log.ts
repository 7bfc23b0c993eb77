/** Writes what a pager would be told into the log, for those who try GoNoGo: it wakes nobody. */

import { z } from 'zod';
import { adapterKind } from '../adapters/kind.ts';
import type { Notifier } from './port.ts';

export const log = adapterKind({
  summary: 'a line in the log, which wakes nobody: to try it',
  settings: z.strictObject({}),
  example: {},
  open: (_settings, { log: lines }): Notifier => ({
    name: 'log',
    async notify(notification) {
      const level = notification.tells === 'trigger' ? 'warn' : 'info';
      lines[level]({ notification }, notification.summary);
    },
    check: async () => [{ what: 'write to the log, which wakes nobody', ok: true }],
  }),
});
