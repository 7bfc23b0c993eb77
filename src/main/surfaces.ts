/** What shows the record in Slack by itself: live messages, their charts, the Homes, and the notices of the calendar. */

import { createUnshownDecisions } from '../../commands/alert-decided.ts';
import { createAlertEnds } from '../../commands/alert-ends.ts';
import type { CommandContext } from '../../commands/context.ts';
import { homeOf } from '../../commands/home.ts';
import { createMissedAlerts } from '../../commands/missed-alerts.ts';
import { createUnsaidAnswers } from '../../commands/unsaid-answers.ts';
import { tellUnshown } from '../../commands/unshown.ts';
import { renderLive } from '../../views/live-message.ts';
import { drawStageChart } from '../chart/stage-chart.ts';
import { createCalendarNotices } from '../conductor/calendar-notices.ts';
import { environmentsWith } from '../conductor/left-there.ts';
import type { Woken } from '../conductor/ports/event-store.ts';
import type { LiveMessage } from '../deployment/effects.ts';
import { GONE_WORDS } from '../policy/calendar/blockers.ts';
import { createCharts } from '../slack/charts.ts';
import { createHomes, type Homes } from '../slack/homes.ts';
import { createRenderer } from '../slack/renderer.ts';
import type { Clock } from '../time.ts';
import { tellCalendar } from './tell-calendar.ts';

export interface Surfaces {
  homes: Homes;
  /** The record moved; these messages show something else now. */
  committed(shows: readonly LiveMessage[]): void;
  /** A look brought other figures, and woke what shows them. */
  looked(woken: Woken): void;
  calendarChanged(): void;
  /** An answer to an alert waits to be said. */
  unsaid(): void;
  /** What was said in a channel of alerts waits to be read there. */
  unheard(channel: string): void;
  /** A button below an alert was pressed: what came of it is to be shown there. */
  pressed(): void;
  /** A rollback was begun below an alert: its end is to be told there. */
  begun(): void;
  /** Slack's deliveries arrive from now on. */
  listening(): void;
  /** Something may wait to be shown. */
  poke(): void;
  busy(): boolean;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function createSurfaces(
  context: CommandContext,
  options: {
    clock: Clock;
    /** On which messages are paced. */
    messageClock: Clock;
    cardLink(id: string): Promise<string | undefined>;
    point(name: string): void;
  },
): Surfaces {
  const { stores, clients, people, policy, log } = context;
  const { clock, messageClock, cardLink, point } = options;
  const homes = createHomes({
    client: clients.outbound,
    log,
    clock: messageClock,
    render: (userId) => homeOf(context, userId),
  });
  const charts = createCharts({
    stores,
    client: clients.outbound,
    log,
    clock: messageClock,
    draw: drawStageChart,
    onOffered: () => renderer.poke(),
    point,
  });
  const renderer = createRenderer({
    stores,
    client: clients.outbound,
    log,
    clock: messageClock,
    record: clock,
    render: (message, deployment, event, more) =>
      renderLive(message, deployment, event, { policy: policy(), ...more }),
    cardLink,
    async mayNotRead(userId) {
      const why = await people.mayNotRead(userId);
      return why && GONE_WORDS[why];
    },
    pictureOf: charts.pictureOf,
    stillIn: ({ terms: { envelope } }) => {
      const all = policy().services.get(envelope.service)?.environments ?? [];
      const others = all.filter((one) => one !== envelope.environment);
      return environmentsWith(stores.events, envelope, others);
    },
    onUnshown: (deployment, message, problem) => void tellUnshown(context, deployment, message, problem),
    async onAsked(deployment, message) {
      const why = await people.gone(message.user);
      if (why !== undefined && why !== 'unreachable')
        await tellUnshown(context, deployment, message, GONE_WORDS[why]);
    },
    point,
  });

  const calendarNotices = createCalendarNotices({
    stores,
    clock,
    log,
    tell: tellCalendar({ client: clients.outbound, people, policy, clock, onTold: homes.changed }),
  });

  const unsaid = createUnsaidAnswers(context, clock);
  const missed = createMissedAlerts(context, clock);
  const ends = createAlertEnds(context, clock);
  const decisions = createUnshownDecisions(context, clock);

  function poke(): void {
    renderer.poke();
    charts.poke();
    calendarNotices.poke();
    unsaid.poke();
    ends.poke();
    decisions.poke();
  }

  return {
    homes,
    poke,
    committed(shows) {
      if (shows.length > 0) renderer.poke();
      // A chart belongs to the report of a stage.
      if (shows.some(({ kind }) => kind === 'stage')) charts.poke();
      ends.committed();
      homes.changed();
    },
    looked({ messages, charts: aChart }) {
      if (messages) renderer.poke();
      if (aChart) charts.poke();
      homes.changed();
    },
    calendarChanged() {
      calendarNotices.poke();
      homes.changed();
    },
    unsaid: unsaid.poke,
    pressed: decisions.poke,
    begun: ends.poke,
    unheard: missed.again,
    listening: missed.lookBack,
    busy: () =>
      missed.busy() ||
      ends.busy() ||
      decisions.busy() ||
      unsaid.busy() ||
      calendarNotices.busy() ||
      renderer.busy() ||
      charts.busy(),
    async idle() {
      await missed.idle();
      await ends.idle();
      await decisions.idle();
      await unsaid.idle();
      await calendarNotices.idle();
      await renderer.idle();
      await charts.idle();
      await homes.idle();
    },
    async stop() {
      await missed.stop();
      await ends.stop();
      await decisions.stop();
      await unsaid.stop();
      await charts.stop();
      await calendarNotices.stop();
      await renderer.stop();
      await homes.stop();
    },
  };
}
