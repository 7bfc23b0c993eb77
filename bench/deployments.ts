/** Has deployments asked for that wait for their sign-offs, as many as there are places. */

import type { Message } from '../local-slack/protocol.ts';
import { valuesIn } from '../test/slack/views-in-slack.ts';
import { type Button, CHANNEL, DANA, type Driving, OMAR, PRIYA, SANA, TOM } from './driving.ts';

export interface Rules {
  /** The roles that say go at each place. */
  signOffs: string[];
  strategy: string;
}

const CARD_WITHIN_MS = 5_000;

/** The policy of a bench: `count` services in two environments. */
export function policyOf(count: number, { signOffs, strategy }: Rules): string {
  // Gates that the simulated backend reports as passed.
  const gates = '[build, unit_tests, security_scan, integration_tests, staging_smoke]';
  const asked = `{ sign_offs: [${signOffs.join(', ')}], gates: ${gates}, hand_over_gates: [] }`;
  const services = Array.from({ length: count }, (_, index) => `service-${index + 1}`);
  const one = (name: string): string =>
    `  ${name}: { channel: ${CHANNEL}, environments: [staging, production], lead: ${DANA}, on_call: ${OMAR} }`;
  return `
preset: gold-standard
backends: { simulator: { kind: simulator } }
metrics: { simulator: { kind: simulator } }
team: Bench
time_zone: Europe/Berlin
roles:
  tech_lead: [${TOM}]
  security: [${SANA}]
  operations: [${OMAR}]
  product_owner: [${PRIYA}]
  deployer: { name: Deployer, members: [${DANA}] }
requesters: [deployer]
environments:
  staging: ${asked}
  production: ${asked}
promotion: any_order
change_types:
  normal: { lead_time: 0, sign_offs: [], change_request: false, checklist: optional }
  emergency: { sign_offs: [] }
defaults: { strategy: ${strategy} }
safeguards: { observe_every: 1h }
services:
  checkout: { channel: ${CHANNEL}, environments: [staging, production], lead: ${DANA}, on_call: ${OMAR} }
${services.map(one).join('\n')}
`;
}

export interface Asked {
  settle(): Promise<unknown>;
  driving: Driving;
  services: number;
}

export interface Place {
  service: string;
  environment: string;
}

export function atEachPlace(services: number): Place[] {
  return Array.from({ length: services }, (_, index) => `service-${index + 1}`).flatMap((service) =>
    ['staging', 'production'].map((environment) => ({ service, environment })),
  );
}

async function ask(driving: Driving, what: string): Promise<void> {
  const before = (await driving.open(DANA))?.id;
  await driving.command(DANA, `/deploy ${what}`);
  const view = await driving.modal(DANA, 'schedule', before);
  await driving.submit(DANA, view.id, valuesIn(view, { 'schedule.summary': 'Adds a way to pay.' }));
}

/** One deployment at each place, starting tomorrow; answers their cards. */
export async function askForAll({ driving, services, settle }: Asked): Promise<Message[]> {
  for (const { service, environment } of atEachPlace(services)) {
    await ask(driving, `${service} v2.1.0 to ${environment} tomorrow at 10:00`);
  }
  await settle();
  return cardsWaiting(driving);
}

/** A no-go ends each, so that its place is free again. */
export async function endAll({ driving, settle }: Asked): Promise<void> {
  for (const { ts } of await cardsWaiting(driving)) {
    await driving.click({ user: OMAR, action_id: 'card.no_go', channel: CHANNEL, ts });
    const view = await driving.modal(OMAR, 'no_go');
    await driving.submit(OMAR, view.id, { 'no_go.reason': { 'no_go.text': 'The bench goes on.' } });
  }
  await settle();
}

/** Two of the three roles say go on each card, one after the other, so that the deployment still waits. */
export function goes(cards: readonly Message[]): Button[] {
  return [TOM, SANA].flatMap((user) =>
    cards.map(({ ts }) => ({ user, action_id: 'card.go', channel: CHANNEL, ts })),
  );
}

/** Asks for one, and says go on its card as soon as it is there; the rest is the bot's. */
export async function rollOut(
  driving: Driving,
  { service, environment }: Place,
  version: string,
): Promise<void> {
  await ask(driving, `${service} ${version} to ${environment}`);
  const title = `${service} ${version} → ${environment} `;
  const until = performance.now() + CARD_WITHIN_MS;
  while (performance.now() < until) {
    const card = (await driving.messages(100)).findLast(
      (message) => message.text.startsWith(title) && waitsForGo(message),
    );
    if (card !== undefined) {
      await driving.click({ user: TOM, action_id: 'card.go', channel: CHANNEL, ts: card.ts });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`no card for ${title}`);
}

const waitsForGo = ({ blocks }: Message): boolean => JSON.stringify(blocks).includes('"card.no_go"');

async function cardsWaiting(driving: Driving): Promise<Message[]> {
  return (await driving.messages(1_000)).filter(waitsForGo);
}
