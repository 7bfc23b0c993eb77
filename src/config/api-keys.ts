/** The keys by which CI calls: each has a secret, and is for named services and gates. */

import { z } from 'zod';

export interface ApiKey {
  secret: string;
  /** Names of services and of gates; one that ends in `*` stands for all that begin so. */
  services: readonly string[];
  gates: readonly string[];
}

const WHAT =
  'must be name=secret;services=…;gates=…: a name of a-z, 0-9 and -, a secret of at least 32 characters without comma, semicolon or space, and what the key is for, with spaces between (* for all)';

const ENTRY = /^([a-z][a-z0-9-]*)=([^\s,;]{32,});services=([^;]+);gates=([^;]+)$/;
const NAMES = /^(?:\*|[A-Za-z][\w./-]*\*?)(?: +(?:\*|[A-Za-z][\w./-]*\*?))*$/;

/** Entries stand on lines of their own, or with commas between. Problems number them: what they hold is never printed. */
export const apiKeys = z.string().transform((text, context): ReadonlyMap<string, ApiKey> => {
  const keys = new Map<string, ApiKey>();
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const wrong = (message: string): void =>
      context.addIssue(`entry ${index + 1} of ${entries.length} ${message}`);
    const read = readEntry(entry);
    if (read === undefined) wrong(WHAT);
    else if (keys.has(read.name)) wrong('has the name of another entry');
    else keys.set(read.name, read.key);
  }
  return keys;
});

function readEntry(entry: string): { name: string; key: ApiKey } | undefined {
  const [, name, secret, services = '', gates = ''] = ENTRY.exec(entry.replace(/\s*;\s*/g, ';')) ?? [];
  if (name === undefined || secret === undefined || !NAMES.test(services) || !NAMES.test(gates))
    return undefined;
  return { name, key: { secret, services: services.split(/ +/), gates: gates.split(/ +/) } };
}

/** Whether a name is among those that a key is for. */
export function isAmong(names: readonly string[], name: string): boolean {
  return names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
}
