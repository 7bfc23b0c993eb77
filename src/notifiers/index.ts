/** The kinds of notifiers; a new one is one line here. */

import { createRegistry } from '../adapters/registry.ts';
import { log } from './log.ts';
import { pagerduty } from './pagerduty.ts';
import type { Notifier } from './port.ts';
import { webhook } from './webhook.ts';

export const NOTIFIERS = createRegistry<Notifier>('notifier', { log, pagerduty, webhook });
