/** What is known of the place of what is to be taken back. */

import type { Deployment } from '../deployment.ts';

export interface TakeBackFacts {
  of: Deployment;
  /** The newest deployment there that has or had traffic, where another than `of` is; unset where there is none. */
  after?: Deployment;
}
