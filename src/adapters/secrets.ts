/** Secrets by reference: gonogo.yml says where one is, never what it is. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const REFERENCE = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/\S.*)$/;

/** For the settings of an adapter. What stands there is not repeated in a problem: it may be the secret itself. */
export const secretRef = z
  .string()
  .regex(REFERENCE)
  .meta({
    description:
      'where the secret is: "env:NAME" for a variable, "file:/path" for a file; never the secret itself',
    writeOnly: true,
  })
  .brand<'SecretRef'>();

export type SecretRef = z.infer<typeof secretRef>;

/** There is nothing at the reference; the message names the place and not what it may hold. */
class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** What a reference holds now. A file is read afresh, and its last line end is not part of it. */
export function readSecret(reference: SecretRef, variables: Variables): string {
  const [, kind, place = ''] = /^(env|file):(.*)$/s.exec(reference) ?? [];
  const value = kind === 'file' ? readFile(place) : variables[place];
  if (value === undefined || value === '') {
    throw new SecretMissing(`${reference} ${kind === 'file' ? 'is empty' : 'is not set'}`);
  }
  return value;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SecretMissing(`file:${path} cannot be read: ${code}`, { cause: error });
  }
}
