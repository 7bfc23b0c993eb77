/** `bench/workspace-size`: does the local Slack answer in a large workspace as in a small one, with 50 clients looking? */

import type { Page } from 'playwright-core';
import { chromiumIsThere, launchChromium } from '../test/browser/chromium.ts';
import { type Running, start } from './processes.ts';
import type { SlackPlace } from './slack.ts';
import { fixed, median, printTable, quantile, ratio } from './table.ts';

const LARGE = { people: 2_000, channels: 500, messages: 100_000 };
const CLIENTS = 50;
const CALLS = 400;
const CHANNEL = 'C0CHECKOUT2';
const DANA = 'U0DANA00001';

interface Measured {
  name: string;
  slack: Running<SlackPlace[]>;
  place: SlackPlace;
  /** Milliseconds of each call, by what was called. */
  took: Map<string, number[]>;
}

export async function benchWorkspaceSize(): Promise<void> {
  const both = [await open('small', []), await open('large', Object.values(LARGE).map(String))];
  const watching = both.flatMap(({ place }) => Array.from({ length: CLIENTS }, () => watch(place)));
  for (let round = 0; round < 4; round += 1) for (const one of both) await measure(one);
  if (chromiumIsThere()) await measurePages(both);
  for (const client of watching) client.abort();
  report(both);
  for (const { slack } of both) await slack.stop();
}

async function open(name: string, given: string[]): Promise<Measured> {
  const slack = await start<SlackPlace[]>('bench/large-slack.js', { given });
  const [place] = slack.ready;
  if (place === undefined) throw new Error('the local Slack did not open');
  return { name, slack, place, took: new Map() };
}

/** A client as an open page is one: it reads the stream to its end. */
function watch({ url }: SlackPlace): AbortController {
  const client = new AbortController();
  void fetch(`${url}/driver/stream`, { signal: client.signal })
    .then(async ({ body }) => {
      for await (const _chunk of body ?? []);
    })
    .catch((error: unknown) => {
      if (!client.signal.aborted) throw error;
    });
  return client;
}

async function measure(one: Measured): Promise<void> {
  const { url, api, token } = one.place;
  const call = (method: string, args: Record<string, string>) => () =>
    fetch(`${api}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
    });
  const calls: Record<string, () => Promise<Response>> = {
    'chat.postMessage': call('chat.postMessage', { channel: CHANNEL, text: 'One more line.' }),
    'conversations.history, 100': call('conversations.history', { channel: CHANNEL, limit: '100' }),
    'users.info': call('users.info', { user: DANA }),
    'driver: a channel, 100': () => fetch(`${url}/driver/messages?channel=${CHANNEL}&user=${DANA}&limit=100`),
  };
  for (const [what, make] of Object.entries(calls)) {
    for (let made = 0; made < CALLS / 4; made += 1) await timed(one, what, async () => (await make()).text());
  }
}

async function measurePages(both: readonly Measured[]): Promise<void> {
  const browser = await launchChromium();
  for (let round = 0; round < 6; round += 1) {
    for (const one of both) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await timed(one, 'page: a channel opens', () => openChannel(page, one.place.url));
      await timed(one, 'page: a message appears', () => seePosted(page, one.place, `seen ${round}`));
      await page.close();
    }
  }
  await browser.close();
}

async function openChannel(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/archives/${CHANNEL}?user=${DANA}`);
  await page.locator('[data-qa="message"]').last().waitFor();
}

async function seePosted(page: Page, { api, token }: SlackPlace, text: string): Promise<void> {
  const body = new URLSearchParams({ channel: CHANNEL, text });
  await fetch(`${api}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  });
  await page.getByText(text, { exact: true }).last().waitFor();
}

async function timed(one: Measured, what: string, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await run();
  const took = one.took.get(what) ?? [];
  took.push(performance.now() - began);
  one.took.set(what, took);
}

function report([small, large]: readonly Measured[]): void {
  if (small === undefined || large === undefined) return;
  const rows = [...small.took].map(([what, base]) => {
    const grown = large.took.get(what) ?? [];
    return [
      what,
      fixed(median(base), 2),
      fixed(quantile(base, 0.99), 2),
      fixed(median(grown), 2),
      fixed(quantile(grown, 0.99), 2),
      ratio(median(grown), median(base)),
    ];
  });
  const size = `${LARGE.people} people, ${LARGE.channels} channels, ${LARGE.messages} messages, ${CLIENTS} clients`;
  printTable(
    `The local Slack, small and large (${size}); milliseconds`,
    ['', 'small, median', 'p99', 'large, median', 'p99', 'ratio of medians'],
    rows,
  );
}
