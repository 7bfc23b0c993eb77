/**
 * A notification as PagerDuty takes it: developer.pagerduty.com/docs/events-api-v2 says what is required and how long it
 * may be; reference/events-v2 of github.com/PagerDuty/api-schema is the schema.
 */

import { defined } from '../../defined.ts';
import type { Notification } from '../port.ts';

const MAX_SUMMARY = 1_024;
const MAX_KEY = 255;

export interface PagerDutyEvent {
  path: '/v2/enqueue' | '/v2/change/enqueue';
  body: Record<string, unknown>;
}

export function eventOf(notification: Notification, routingKey: string): PagerDutyEvent {
  const { tells, key, link, environment } = notification;
  const links = link === undefined ? {} : { links: [{ href: link, text: 'The deployment in Slack' }] };
  if (tells === 'change') {
    return {
      path: '/v2/change/enqueue',
      body: { routing_key: routingKey, payload: payloadOf(notification), ...links },
    };
  }
  const about = { routing_key: routingKey, event_action: tells, dedup_key: key.slice(0, MAX_KEY) };
  if (tells !== 'trigger') return { path: '/v2/enqueue', body: about };
  const { severity, service, about: matter } = notification;
  const payload = {
    ...payloadOf(notification),
    severity,
    component: service,
    group: environment,
    class: matter,
  };
  const client = { client: 'GoNoGo', ...defined({ client_url: link }) };
  return { path: '/v2/enqueue', body: { ...about, payload, ...client, ...links } };
}

/** What alerts and changes have in common. */
function payloadOf({
  summary,
  at,
  service,
  environment,
  deployment,
  version,
  previous,
  lead,
  onCall,
}: Notification): Record<string, unknown> {
  return {
    summary: summary.slice(0, MAX_SUMMARY),
    timestamp: new Date(at).toISOString(),
    source: `${service}.${environment}`,
    custom_details: {
      deployment,
      service,
      environment,
      version,
      before: previous ?? 'nothing',
      lead,
      on_call: onCall,
    },
  };
}
