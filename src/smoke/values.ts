/** Values that requests carry: secrets, what an answer gave for the next one, and cookies. None of them is told to anybody. */

import type { KeptFrom, SmokeBody } from '../terms/smoke.ts';

/** It could not be tried; the message is for the record, and names values without saying them. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

export type Values = ReadonlyMap<string, string>;

const PLACEHOLDER = /\{\{([a-z][a-z0-9_]{0,39})\}\}/g;

/** Throws `NotTried` where a value is not there. */
export function filled(
  text: string,
  values: Values,
  written: (value: string) => string = (value) => value,
): string {
  return text.replace(PLACEHOLDER, (_all, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new NotTried(`there is no ${name} to send`);
    return written(value);
  });
}

export interface Sent {
  text: string;
  type?: string;
}

export function bodyOf(body: SmokeBody, values: Values): Sent {
  switch (body.kind) {
    case 'form': {
      const fields = Object.entries(body.fields).map(([key, value]): [string, string] => [
        key,
        filled(value, values),
      ]);
      return { text: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
    }
    case 'json': {
      const quoted = (value: string): string => JSON.stringify(value).slice(1, -1);
      return { text: filled(JSON.stringify(body.value), values, quoted), type: 'application/json' };
    }
    case 'text':
      return { text: filled(body.text, values) };
  }
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  cookies: readonly string[];
  text: string;
}

/** Undefined where the answer does not hold it. */
export function keptFrom(from: KeptFrom, answer: Answer): string | undefined {
  if ('header' in from) return answer.headers[from.header.toLowerCase()];
  if ('json' in from) return inJson(answer.text, from.json.split('.'));
  const begin = answer.text.indexOf(from.after);
  if (begin < 0) return undefined;
  const start = begin + from.after.length;
  const end = answer.text.indexOf(from.before, start);
  return end < 0 ? undefined : answer.text.slice(start, end);
}

function inJson(text: string, path: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** For what must be written in a certain way; throws `NotTried` where it cannot be. */
export function inPath(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError)
      throw new NotTried('what it would send cannot stand in a path', { cause: error });
    throw error;
  }
}

/** The cookies of one flow, by the host that set them: no other host is sent them, and what came by TLS goes by TLS. */
export class Cookies {
  readonly #of = new Map<string, Map<string, { value: string; safe: boolean }>>();

  take({ host, protocol }: URL, lines: readonly string[]): void {
    const jar = this.#of.get(host) ?? new Map<string, { value: string; safe: boolean }>();
    for (const line of lines.slice(0, 50)) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      if (at > 0)
        jar.set(pair.slice(0, at).trim(), { value: pair.slice(at + 1).trim(), safe: protocol === 'https:' });
    }
    this.#of.set(host, jar);
  }

  for({ host, protocol }: URL): string | undefined {
    const jar = [...(this.#of.get(host) ?? [])].filter(([, { safe }]) => !safe || protocol === 'https:');
    if (jar.length === 0) return undefined;
    const line = jar.map(([name, { value }]) => `${name}=${value}`).join('; ');
    // As the bytes that came.
    return Buffer.from(line).toString('latin1');
  }
}
