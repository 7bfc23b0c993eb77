/** What an alert says, whoever says it. */

/** `text`: words, by a person or by a program that nothing here knows. */
export type AlertSource =
  | 'alertmanager'
  | 'grafana'
  | 'sentry'
  | 'cloudwatch'
  | 'datadog'
  | 'pagerduty'
  | 'opsgenie'
  | 'new_relic'
  | 'text';

/** Only what fires is news: the other two belong to an alert that was told of before. */
export type AlertStatus = 'firing' | 'acknowledged' | 'resolved';

export interface Alert {
  source: AlertSource;
  status: AlertStatus;
  /** One line, as people read it. */
  title: string;
  /** Lower-case name → value, as far as the alert names its values. */
  labels: Readonly<Record<string, string>>;
  /** Everything it says beside the title, line by line. */
  lines: readonly string[];
  /** When it came (UTC), where it was heard later than that. */
  cameAt?: number;
}
