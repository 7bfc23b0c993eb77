/** What can be seen of the servers of a place, and done to them. */

import type { Activation } from './activation.ts';
import type { Asserted } from './asserted.ts';
import type { Fleet } from './fleet.ts';

export type Servers = Fleet & Activation & Pick<Asserted, 'assert'>;
