/** Charts for stage reports: drawn beside the reports, uploaded, offered to them, and deleted when another takes over. */

import type { WebClient } from '@slack/web-api';
import type { ChartRow, DrawnChart } from '../conductor/ports/chart-store.ts';
import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import { createPump, type Pump } from '../conductor/pump.ts';
import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { messageKey } from '../deployment/effects.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import { withLooks } from '../deployment/rollout/watch.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';
import { chartDue } from './chart-due.ts';
import { rateLimitWait } from './rate-limit.ts';
import { slackErrorCode } from './slack-error.ts';
import { beginUpload, deleteFile, finishUpload } from './upload.ts';

/** What a message shows beside its words. */
export interface Picture {
  file: string;
  alt: string;
}

export interface Charts extends Pump {
  pictureOf(row: MessageRow): Promise<Picture | undefined>;
}

export interface ChartsOptions {
  stores: Stores;
  client: WebClient;
  log: Log;
  /** Real time: Slack's limits know no other. */
  clock: Clock;
  /** Undefined where there is nothing to draw yet. */
  draw(
    deployment: Deployment,
    stage: number,
    events: readonly DeploymentEvent[],
  ): Promise<{ png: Uint8Array; alt: string } | undefined>;
  /** A report has something else to show. */
  onOffered(): void;
  point?(name: string): void;
}

/** Slack needs a moment for a file before a block may show it. */
const PROCESSED_WITHIN: Duration = 2 * SECOND;
/** A report's words go first. */
const REPORT_WITHIN: Duration = 5 * SECOND;
const FIRST_WAIT: Duration = 2 * SECOND;
const MAX_WAIT: Duration = 60 * SECOND;
/** After this many tries in a row the report goes without. */
const MAX_TRIES = 6;
/** Nothing that a minute's patience mends. */
const HOPELESS = new Set([
  'missing_scope',
  'not_allowed_token_type',
  'access_denied',
  'file_uploads_disabled',
]);

export function createCharts(options: ChartsOptions): Charts {
  const { stores, client, clock, log } = options;
  let refused = false;
  const keyOf = (row: ChartRow): string => `${row.deployment}:${row.stage}`;

  const pump = createPump<ChartRow>({
    name: 'charts',
    clock,
    log,
    // Nobody waits for a chart: more at once would only take from what people wait for.
    concurrency: 1,
    keyOf,
    async due(now, except, limit) {
      const { rows, next } = await stores.charts.due(now, limit + except.size);
      return { items: rows.filter((row) => !except.has(keyOf(row))), next };
    },
    run: bringUpToDate,
  });

  async function bringUpToDate(row: ChartRow): Promise<void> {
    const report = await stores.messages.find(
      row.deployment,
      messageKey({ kind: 'stage', stage: row.stage }),
    );
    if (report === undefined || report.givenUp)
      return stores.charts.keep(row, null, 'its report is not shown');
    if (report.ts === undefined)
      return stores.charts.keep(row, clock.now() + REPORT_WITHIN, 'its report is not there yet');
    try {
      const deployment = await stores.events.load(row.deployment);
      const due = deployment && chartDue(deployment, row.stage, row.drawn, clock.now());
      if (deployment !== undefined && due !== undefined) await redraw(row, deployment, due);
      else await offer(await tidy(row, report), report);
    } catch (error) {
      await failed((await stores.charts.find(row.deployment, row.stage)) ?? row, error);
    }
  }

  /** Deletes what no report shows any more. */
  async function tidy(row: ChartRow, report: MessageRow): Promise<ChartRow> {
    let tidied = row;
    for (const file of row.leftover.filter((one) => one !== report.file)) {
      await deleteFile(client, file);
      tidied = { ...tidied, leftover: tidied.leftover.filter((one) => one !== file) };
      await stores.charts.keep(tidied, clock.now());
    }
    return tidied;
  }

  async function redraw(row: ChartRow, deployment: Deployment, drawn: DrawnChart): Promise<void> {
    const happened = await stores.events.events(row.deployment);
    const looks = await stores.events.looks(row.deployment);
    const events = withLooks(happened, looks);
    const chart = await options.draw(deployment, row.stage, events);
    if (chart === undefined)
      return stores.charts.keep({ ...row, drawn, attempts: 0 }, null, 'nothing to draw');
    const upload = {
      name: `${row.deployment}-stage-${row.stage}.png`,
      title: `${row.deployment} · stage ${row.stage}`,
      alt: chart.alt,
      bytes: chart.png,
    };
    const place = await beginUpload(client, upload);
    // Of an upload that was begun earlier nobody knows how far it came.
    const leftover = row.begun === undefined ? row.leftover : [...row.leftover, row.begun];
    const begun: ChartRow = { ...row, begun: place.file, leftover };
    await stores.charts.keep(begun, clock.now());
    options.point?.('chart:begun');
    await finishUpload(client, upload, place);
    options.point?.('chart:uploaded');
    const { begun: _done, ...rest } = begun;
    await stores.charts.keep(
      {
        ...rest,
        file: place.file,
        alt: chart.alt,
        drawn,
        leftover: row.file === undefined ? leftover : [...leftover, row.file],
        attempts: 0,
      },
      clock.now() + PROCESSED_WITHIN,
    );
    options.point?.('chart:kept');
  }

  /** Has the report rendered again until it shows the chart that it should. */
  async function offer(row: ChartRow, report: MessageRow): Promise<void> {
    if (report.file === row.file) return stores.charts.keep({ ...row, attempts: 0 }, null);
    if (row.attempts < MAX_TRIES) {
      await stores.messages.again(report);
      options.onOffered();
      const wait = waitAfter(row.attempts);
      return stores.charts.keep({ ...row, attempts: row.attempts + 1 }, clock.now() + wait, 'not shown yet');
    }
    log.warn({ chart: keyOf(row), file: row.file }, 'Slack does not show a chart; its report goes without');
    const { file, alt: _alt, ...without } = row;
    if (file === undefined) return stores.charts.keep({ ...row, attempts: 0 }, null, 'not taken back');
    return stores.charts.keep({ ...without, leftover: [...row.leftover, file], attempts: 0 }, clock.now());
  }

  async function failed(row: ChartRow, error: unknown): Promise<void> {
    const code = slackErrorCode(error);
    const problem = code ?? messageOf(error);
    const hopeless = code !== undefined && HOPELESS.has(code);
    if (!hopeless && row.attempts + 1 < MAX_TRIES) {
      const wait = rateLimitWait(error) ?? waitAfter(row.attempts);
      log.warn({ chart: keyOf(row), problem, wait }, 'a chart was not brought up to date; trying again');
      return stores.charts.keep({ ...row, attempts: row.attempts + 1 }, clock.now() + wait, problem);
    }
    if (!hopeless || !refused)
      log[hopeless ? 'error' : 'warn'](
        { chart: keyOf(row), problem },
        'a chart is not brought up to date; its report goes without',
      );
    refused ||= hopeless;
    const deployment = await stores.events.load(row.deployment);
    const skipped = deployment && chartDue(deployment, row.stage, row.drawn, clock.now());
    await stores.charts.keep({ ...row, ...defined({ drawn: skipped }), attempts: 0 }, null, problem);
  }

  return {
    ...pump,
    async pictureOf({ deployment, message }) {
      if (message.kind !== 'stage') return undefined;
      const chart = await stores.charts.find(deployment, message.stage);
      return chart?.file === undefined ? undefined : { file: chart.file, alt: chart.alt ?? '' };
    },
  };
}

const waitAfter = (attempts: number): Duration => Math.min(FIRST_WAIT * 2 ** attempts, MAX_WAIT);
