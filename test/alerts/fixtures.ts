/** Messages and payloads of alerts, one of each kind, as the sources shape them. All are synthetic: their names are ours. */

export interface MessageFixture {
  name: string;
  message: object;
  source: string;
  status: string;
  service: string;
  labels?: Record<string, string>;
}

const bot = { type: 'message', bot_id: 'B0TEST00001', text: '' };

/** Alertmanager's default template: label values in the title, without their names. */
export const alertmanager = (title: string, color = 'a30200'): object => ({
  ...bot,
  subtype: 'bot_message',
  username: 'Alertmanager',
  attachments: [
    {
      id: 1,
      color,
      title,
      title_link: 'http://am.example/#/alerts',
      fallback: `${title} | http://am.example`,
      text: '',
    },
  ],
});

const grafanaText = (state: string): string =>
  `**${state}**\n\nValue: A=4.2, C=1\nLabels:\n - alertname = High error rate\n - grafana_folder = Web\n - service = checkout\n - environment = production\nAnnotations:\n - summary = Errors of checkout need payments\nSource: <https://grafana.example/alerting/1>`;

const grafana = (title: string, state: string, color: string): object => ({
  ...bot,
  user: 'U0GRAFANA01',
  bot_profile: { name: 'Acme alerts' },
  attachments: [
    {
      color,
      title,
      title_link: 'https://grafana.example/alerting/list',
      text: grafanaText(state),
      footer: 'Grafana v10.4.2',
      fallback: title,
    },
  ],
});

const sentry = {
  ...bot,
  bot_profile: { name: 'Sentry' },
  attachments: [
    {
      color: 'e03e2f',
      fallback: '[no preview available]',
      blocks: [
        {
          type: 'section',
          block_id: '{"issue":4509,"rule":12}',
          text: {
            type: 'mrkdwn',
            text: ':red_circle: <https://acme.sentry.io/issues/4509/|*TypeError: total is undefined*>',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Project: <https://acme.sentry.io/projects/checkout/|checkout>    Alert: errors over 50    Short ID: CHECKOUT-1A',
            },
          ],
        },
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'resolve', text: { type: 'plain_text', text: 'Resolve' } }],
        },
      ],
    },
  ],
};

const pagerDuty = (word: string, color: string): object => ({
  ...bot,
  bot_profile: { name: 'PagerDuty' },
  attachments: [
    {
      color,
      fallback: 'incident',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: `*${word}* • <https://acme.pagerduty.com/incidents/Q1|[#1234] Too many 5xx>`,
          },
        },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', text: '*Service:*\n<https://acme.pagerduty.com/services/P1|Checkout API>' },
            { type: 'mrkdwn', text: '*Urgency:*\nHigh' },
          ],
        },
      ],
    },
  ],
});

export const MESSAGES: readonly MessageFixture[] = [
  {
    name: 'Alertmanager, firing',
    message: alertmanager('[FIRING:2] HighErrorRate (production checkout critical)'),
    source: 'alertmanager',
    status: 'firing',
    service: 'checkout',
  },
  {
    name: 'Alertmanager, resolved',
    message: alertmanager('[RESOLVED] HighErrorRate (production checkout critical)', '2eb886'),
    source: 'alertmanager',
    status: 'resolved',
    service: 'checkout',
  },
  {
    name: 'Grafana, firing',
    message: grafana('[FIRING:1] High error rate Web', 'Firing', 'd63232'),
    source: 'grafana',
    status: 'firing',
    service: 'checkout',
    labels: { service: 'checkout', environment: 'production' },
  },
  {
    name: 'Grafana, resolved',
    message: grafana('[RESOLVED] High error rate Web', 'Resolved', '36a64f'),
    source: 'grafana',
    status: 'resolved',
    service: 'checkout',
  },
  {
    name: 'Sentry',
    message: sentry,
    source: 'sentry',
    status: 'firing',
    service: 'checkout',
    labels: { project: 'checkout' },
  },
  {
    name: 'CloudWatch through the AWS app',
    message: {
      ...bot,
      bot_profile: { name: 'Amazon Q Developer' },
      attachments: [
        {
          color: 'd13212',
          title: ':rotating_light: *CloudWatch Alarm | checkout-5xx | eu-central-1 | Account: 123456789012*',
          title_link: 'https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#alarm',
          text: 'Threshold Crossed: 1 datapoint [7.0] was greater than the threshold (5.0).',
          fields: [{ title: 'Service', value: 'checkout', short: true }],
        },
      ],
    },
    source: 'cloudwatch',
    status: 'firing',
    service: 'checkout',
  },
  {
    name: 'Datadog, with tags',
    message: {
      ...bot,
      username: 'Datadog',
      attachments: [
        {
          color: 'a30200',
          title: 'Triggered: [P2] Error rate is high',
          title_link: 'https://app.datadoghq.eu/monitors/1',
          text: 'trace.errors over service:checkout,env:production was > 0.05\n@slack-alerts',
          footer: 'service:checkout, env:production',
        },
      ],
    },
    source: 'datadog',
    status: 'firing',
    service: 'checkout',
    labels: { service: 'checkout', env: 'production' },
  },
  {
    name: 'Datadog, recovered',
    message: {
      ...bot,
      username: 'Datadog',
      attachments: [
        { color: '2eb886', title: 'Recovered: [P2] Error rate is high on service:checkout', text: '' },
      ],
    },
    source: 'datadog',
    status: 'resolved',
    service: 'checkout',
  },
  {
    name: 'PagerDuty, triggered',
    message: pagerDuty('Triggered', 'a30200'),
    source: 'pagerduty',
    status: 'firing',
    service: 'checkout',
    labels: { service: 'Checkout API' },
  },
  {
    name: 'PagerDuty, acknowledged',
    message: pagerDuty('Acknowledged', 'daa038'),
    source: 'pagerduty',
    status: 'acknowledged',
    service: 'checkout',
  },
  {
    name: 'PagerDuty, resolved',
    message: pagerDuty('Resolved', '2eb886'),
    source: 'pagerduty',
    status: 'resolved',
    service: 'checkout',
  },
  {
    name: 'Opsgenie',
    message: {
      ...bot,
      bot_profile: { name: 'Opsgenie for Alert Management' },
      attachments: [
        {
          color: 'ff0000',
          pretext: 'New alert: "Checkout latency is over 2 s"',
          title: '#451: Latency is over 2 s',
          title_link: 'https://acme.app.opsgenie.com/alert/1',
          fields: [
            { title: 'Priority', value: 'P1', short: true },
            { title: 'Tags', value: 'team:web, service:checkout', short: true },
          ],
        },
      ],
    },
    source: 'opsgenie',
    status: 'firing',
    service: 'checkout',
    labels: { priority: 'P1', service: 'checkout' },
  },
  {
    name: 'New Relic',
    message: {
      ...bot,
      username: 'New Relic',
      attachments: [
        {
          color: 'df2d24',
          title: 'Critical priority issue is active',
          title_link: 'https://radar-api.service.newrelic.com/issues/1',
          fields: [
            { title: 'Impacted Entities', value: 'checkout', short: true },
            { title: 'Policy', value: 'Web', short: true },
          ],
          footer: 'New Relic',
        },
      ],
    },
    source: 'new_relic',
    status: 'firing',
    service: 'checkout',
  },
  {
    name: 'A script of one’s own',
    message: { ...bot, text: ':fire: <http://checkout|checkout> is failing its health check' },
    source: 'text',
    status: 'firing',
    service: 'checkout',
  },
  {
    name: 'A person',
    message: {
      type: 'message',
      user: 'U0OMAR00004',
      text: 'is *checkout* down for anyone else? timeouts everywhere',
    },
    source: 'text',
    status: 'firing',
    service: 'checkout',
  },
];

export const ALERTMANAGER_V4 = {
  version: '4',
  groupKey: '{}:{alertname="HighErrorRate"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'gonogo',
  groupLabels: { alertname: 'HighErrorRate' },
  commonLabels: { alertname: 'HighErrorRate', service: 'checkout' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'HighErrorRate', service: 'checkout', environment: 'production' },
      annotations: { summary: 'Errors of checkout are at 4 %' },
      startsAt: '2026-11-27T04:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example',
      fingerprint: 'c0ffee0123456789',
    },
  ],
};

export const GRAFANA_WEBHOOK = {
  ...ALERTMANAGER_V4,
  version: '1',
  orgId: 1,
  title: '[FIRING:1] High error rate',
  state: 'alerting',
  message: '**Firing**',
};

export const PAGERDUTY_V3 = {
  event: {
    id: '01CH754SM17TWPE2V2H4VPBRO7',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-11-27T04:00:00.000Z',
    agent: null,
    client: null,
    data: {
      id: 'Q1XYZ',
      type: 'incident',
      self: 'https://api.pagerduty.com/incidents/Q1XYZ',
      html_url: 'https://acme.pagerduty.com/incidents/Q1XYZ',
      number: 1234,
      status: 'triggered',
      incident_key: 'abc',
      title: 'Too many 5xx',
      urgency: 'high',
      service: { id: 'P1', summary: 'Checkout API', type: 'service_reference' },
    },
  },
};
