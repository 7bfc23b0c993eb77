/** A refusal in Slack's own words: what the Web API answers beside `ok: false`. */
import type { Json } from './json.ts';
import type { Violation } from './protocol.ts';

export class SlackError extends Error {
  readonly code: string;
  readonly extra: Json;
  readonly violations: Violation[];

  constructor(code: string, extra: Json = {}, violations: Violation[] = []) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.extra = extra;
    this.violations = violations;
  }
}

/** How Slack words what is wrong with blocks, a view or an argument. */
export function asMessages(violations: readonly Violation[]): Json {
  return {
    response_metadata: {
      messages: violations.map(({ message, pointer }) => `[ERROR] ${message} [json-pointer:${pointer}]`),
    },
  };
}

export function invalidArguments(message: string, pointer = ''): SlackError {
  const violation = { pointer, code: 'invalid_arguments', message };
  return new SlackError('invalid_arguments', asMessages([violation]), [violation]);
}

/** Too many calls: HTTP 429, with the seconds to wait. */
export class RateLimited extends SlackError {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('ratelimited');
    this.retryAfter = retryAfter;
  }
}
