/** What is wrong with the backend of a deployment, said once. */

import { accepted, UNCHANGED } from './decision.ts';
import type { Deployment } from './deployment.ts';
import type { Decision } from './intents.ts';

/** Recorded once, however often it is met. */
export function trouble(d: Deployment, doing: string, message: string): Decision {
  if (d.trouble !== undefined && d.trouble.doing === doing) return UNCHANGED;
  return accepted({ type: 'backend_troubled', doing, message });
}
