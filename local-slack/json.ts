/** Careful reading of JSON that came from outside, where no schema fits because Slack's own objects are open. */

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text in a `plain_text` or `mrkdwn` object. */
export function wording(value: unknown): string | undefined {
  return isJson(value) ? textOf(value.text) : undefined;
}
