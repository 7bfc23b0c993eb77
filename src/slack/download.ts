/** A text file that a person gave to a modal: loaded from Slack and from nowhere else, up to a size. */

import type { Log } from '../log.ts';
import { type Duration, SECOND } from '../time.ts';

/** A file as a modal's field holds it. */
export interface GivenFile {
  name: string;
  /** Bytes, as Slack counted them. */
  size: number;
  url: string;
}

export type Downloaded =
  | { ok: true; bytes: Uint8Array }
  /** A sentence for the person. */
  | { ok: false; message: string };

export type Download = (file: GivenFile, mostBytes: number) => Promise<Downloaded>;

export interface DownloadOptions {
  token: string;
  /** The configured API, whose origin serves files as well; Slack's own where it is not given. */
  slackApiUrl?: string;
  log: Log;
}

const LOADED_WITHIN: Duration = 8 * SECOND;

export function createDownload({ token, slackApiUrl, log }: DownloadOptions): Download {
  const own = slackApiUrl === undefined ? undefined : new URL(slackApiUrl).origin;

  async function load(url: URL, mostBytes: number): Promise<Downloaded> {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      // Slack sends whoever may not read a file to its sign-in page; and the token goes nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(LOADED_WITHIN),
    });
    const type = answer.headers.get('content-type') ?? '';
    if (!answer.ok || type.startsWith('text/html')) {
      await answer.body?.cancel();
      return no(
        `Slack did not give the file (${answer.status}). The app needs the scope files:read; paste the contract instead, or ask those who run GoNoGo.`,
      );
    }
    const bytes = await bytesOf(answer, mostBytes);
    return bytes === undefined ? tooLarge(mostBytes) : { ok: true, bytes };
  }

  return async ({ name, size, url }, mostBytes) => {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address === undefined || !isOfSlack(address, own))
      return no(`${name} is not kept by Slack itself, so it is not loaded. Paste the contract instead.`);
    if (size > mostBytes) return tooLarge(mostBytes);
    try {
      return await load(address, mostBytes);
    } catch (error) {
      log.warn({ err: error }, 'a file could not be loaded from Slack; the person was told');
      return no('Slack did not give the file in time. Try again, or paste the contract.');
    }
  };
}

const no = (message: string): Downloaded => ({ ok: false, message });
const tooLarge = (most: number): Downloaded =>
  no(`The file is too large: at most ${Math.floor(most / 1024)} KiB are read.`);

/** Only Slack's file host, or the address that the API has been told to be at. */
function isOfSlack(url: URL, own: string | undefined): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return url.origin === 'https://files.slack.com' || url.origin === own;
}

/** Undefined where it is more than it may be; what comes after that is not read. */
async function bytesOf(answer: Response, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = answer.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return Buffer.concat(parts);
    size += value.length;
    if (size > most) {
      await reader?.cancel();
      return undefined;
    }
    parts.push(value);
  }
}
