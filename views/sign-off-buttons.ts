/** Go, No-go and what else whoever decides can do. */

import type { Button, Overflow } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { overflow } from './blocks.ts';
import { CARD_ACTIONS, deploymentButton, MORE, ofRole, shown, stamp } from './deployment-actions.ts';
import { plainRelease } from './deployment-words.ts';
import { oneLine } from './text.ts';

/** Plain, and short enough for a button. */
function roleName({ terms: { required } }: Deployment, role: string): string {
  return oneLine(required.find((one) => one.role === role)?.name ?? role).slice(0, 40);
}

/** A role only where the surface was made for one, as in a DM; on the card the click decides. */
export function goButton(d: Deployment, role?: string): Button {
  return deploymentButton(d, 'go', {
    text: role === undefined ? 'Go' : `Go as ${roleName(d, role)}`,
    style: 'primary',
    more: { ...shown(d), ...ofRole(role) },
    label: `Go${role === undefined ? '' : ` as ${roleName(d, role)}`} for ${plainRelease(d)}`,
  });
}

export function noGoButton(d: Deployment, role?: string): Button {
  return deploymentButton(d, 'noGo', {
    text: 'No-go',
    more: { ...shown(d), ...ofRole(role) },
    label: `No-go for ${plainRelease(d)}`,
  });
}

/** A question to its lead, from whoever is to decide. */
export function askButton(d: Deployment): Button {
  const lead = oneLine(d.terms.details.lead.name).slice(0, 40);
  return deploymentButton(d, 'ask', {
    text: `Ask ${lead}`,
    label: `Ask ${lead} about ${plainRelease(d)}`,
  });
}

/** Of whoever clicks, whatever was said as which role. */
export function withdrawButton(d: Deployment): Button {
  return deploymentButton(d, 'withdraw', {
    text: 'Withdraw my go',
    label: `Withdraw my go for ${plainRelease(d)}`,
  });
}

/** The menu beside Go and No-go where they were asked of one person. */
export function signerMenu(d: Deployment, role?: string): Overflow {
  return overflow(CARD_ACTIONS.more, [
    { text: 'Delegate…', value: stamp(d, { a: MORE.delegate, ...ofRole(role) }) },
  ]);
}
