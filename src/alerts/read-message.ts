/** An alert out of a Slack message: who says it, whether it fires, and what it names. */

import type { Alert, AlertSource, AlertStatus } from './alert.ts';
import { labelsIn } from './labels.ts';
import { MAX, type MessageWords, type SlackMessage, slackMessageSchema, wordsOf } from './slack-message.ts';

/** The first that fits; each is told by its name, by what its messages always hold, or by where their links lead. */
const SIGNS: readonly [AlertSource, { name: RegExp; says?: RegExp; hint?: RegExp }][] = [
  ['grafana', { name: /grafana/i, says: /^Grafana v\d/ }],
  ['sentry', { name: /sentry/i, says: /^Project: \S/, hint: /sentry\.io|^\{"issue":/ }],
  [
    'cloudwatch',
    {
      name: /cloudwatch|aws chatbot|amazon q/i,
      says: /CloudWatch Alarm/,
      hint: /aws\.amazon\.com\/cloudwatch/,
    },
  ],
  ['datadog', { name: /datadog/i, hint: /datadoghq\.(com|eu)/ }],
  ['pagerduty', { name: /pagerduty/i, hint: /pagerduty\.com/ }],
  ['opsgenie', { name: /opsgenie|jira service management/i, hint: /opsgenie\.com/ }],
  ['new_relic', { name: /new ?relic/i, hint: /newrelic\.com/ }],
  ['alertmanager', { name: /alertmanager|prometheus/i, says: /^\[(FIRING:\d+|RESOLVED)\]/ }],
];

/** A state is the word at the head of a line, and not the first word of a sentence: "Closed connections", "OK rate is low". */
const headed = (words: string): string =>
  String.raw`^(?:\W{0,4}:[a-z0-9_+-]{1,40}:){0,2}\W{0,4}(?:${words})(?=\W{0,3}$|\]|\s{0,2}[:•|#]|\s[[–—-]|\s(?:alert|alarm|incident|issue|problem)\b)`;
/** Whatever else is closed in an error is no alert: a pool, a connection. */
const OVER = String.raw`(?:\b(?:alert|alarm|incident|issue|monitor|problem)|#\d{1,9})(?: (?:was|is|has been))? (?:resolved|closed|recovered)\b`;

const RESOLVED = new RegExp(
  String.raw`${headed('resolved|recovered|ok|closed')}|${OVER}|^\W{0,4}alarm (?:is )?ok\b|\|\s{0,2}OK\s{0,2}(?:\||$)`,
  'i',
);
const ACKNOWLEDGED = new RegExp(headed('acknowledged'), 'i');
/** What green is in the palettes of the sources. */
const GREEN = new Set(['2eb886', '36a64f', 'good', '2eb67d', '1a7f37', '00ff00', '2fb344']);

/** Nothing where it says nothing at all. Never throws, whatever it is given. */
export function readAlert(given: unknown): Alert | undefined {
  const read = slackMessageSchema.safeParse(given);
  if (!read.success) return undefined;
  const words = wordsOf(read.data);
  const title = words.titles[0] ?? words.lines[0] ?? fieldsIn(words)[0] ?? words.footers[0];
  if (title === undefined) return undefined;
  const lines = [...words.titles.slice(1), ...words.lines, ...words.footers].slice(0, MAX.lines);
  return {
    source: sourceOf(words),
    status: statusOf(words, title),
    title: title.slice(0, 300),
    labels: labelsIn(words.fields, [title, ...lines]),
    lines: lines.filter((line) => line !== title),
  };
}

/** Some say all in fields. */
const fieldsIn = ({ fields }: MessageWords): string[] =>
  fields.flatMap(([name, value]) => (value === '' ? [] : [name === '' ? value : `${name}: ${value}`]));

function sourceOf(words: MessageWords): AlertSource {
  const said = [...words.footers, ...words.titles, ...words.lines];
  const found = SIGNS.find(
    ([, { name, says, hint }]) =>
      name.test(words.author) ||
      (says !== undefined && said.some((line) => says.test(line))) ||
      (hint !== undefined && words.hints.some((one) => hint.test(one))),
  );
  return found?.[0] ?? 'text';
}

function statusOf({ titles, lines, colors }: MessageWords, title: string): AlertStatus {
  const heads = [title, ...titles.slice(0, 1), ...lines.slice(0, 2)];
  if (/^\[FIRING/i.test(title)) return 'firing';
  if (heads.some((line) => RESOLVED.test(line))) return 'resolved';
  if (heads.some((line) => ACKNOWLEDGED.test(line))) return 'acknowledged';
  return colors.length > 0 && colors.every((color) => GREEN.has(color)) ? 'resolved' : 'firing';
}

const ALARM =
  /\b(down|alert|alarm|errors?|failing|failed|failure|broken|outage|incident|critical|firing|timeouts?|slow|latency|unavailable|5\d\d|50x)\b/i;

/** A program in a channel of alerts posts alerts; a person there may say anything, and is read only where it sounds like one. */
export function soundsLikeAlert(message: SlackMessage, alert: Alert): boolean {
  return message.bot_id !== undefined || [alert.title, ...alert.lines].some((line) => ALARM.test(line));
}
