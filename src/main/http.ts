/** The HTTP server with all its doors: CI, alerts, webhooks, health, and Slack where it posts. */

import { answerReported } from '../../commands/alert.ts';
import type { CommandContext } from '../../commands/context.ts';
import { tellRefusedArtifact } from '../../commands/refused-artifact.ts';
import type { Conductor } from '../conductor/conductor.ts';
import type { Environment } from '../config/environment.ts';
import { defined } from '../defined.ts';
import { createHttpServer } from '../http/server.ts';
import type { Clock } from '../time.ts';
import type { Adapters } from './adapters.ts';
import { createKnownRelease } from './known-release.ts';
import { receiverOf } from './receivers.ts';
import { createSmokeReports } from './smoke-reports.ts';
import { createWatchReports } from './watch-reports.ts';

type ServerOptions = Parameters<typeof createHttpServer>[0];

export interface Http {
  /** Answers where it listens. */
  listen(at: { host: string; port: number }): Promise<string>;
  close(): Promise<void>;
  /** Until people were told of what was reported. */
  told(): Promise<void>;
}

export function createHttp(
  context: CommandContext & { conductor: Conductor },
  options: Pick<ServerOptions, 'health' | 'slack'> & {
    environment: Environment;
    adapters: Adapters;
    /** Real time, by which signatures are judged. */
    wallClock: Pick<Clock, 'now'>;
    /** Something was said of a release. */
    onReported(): void;
  },
): Http {
  const { conductor, stores, policy, clock, log } = context;
  const { environment, adapters, wallClock, onReported, ...doors } = options;
  let telling: Promise<void> = Promise.resolve();
  const server = createHttpServer({
    ...doors,
    api: {
      keys: environment.GONOGO_API_KEYS,
      releases: stores.releases,
      signatures: stores.signatures,
      clock,
      wallClock,
      log,
      services: () => policy().services.keys(),
      versionPatternsOf: (service) => policy().services.get(service)?.versionPatterns,
      gatesOf: () => [...policy().gates.values()],
      knownRelease: createKnownRelease({
        policy,
        events: stores.events,
        backendFor: conductor.backendFor,
        log,
      }),
      reportSmoke: createSmokeReports({ events: stores.events, handle: conductor.handle }),
      reportDeployment: createWatchReports(conductor.reportWatched),
      environmentsOf: (service) => policy().services.get(service)?.environments ?? [],
      onReported() {
        conductor.releaseChanged();
        onReported();
      },
      onArtifactRefused(refusal, registered) {
        conductor.releaseChanged();
        telling = telling.then(() => tellRefusedArtifact(context, refusal, registered));
        return telling;
      },
    },
    alerts: {
      ...defined({
        token: environment.GONOGO_ALERT_TOKEN,
        pagerDutySecret: environment.GONOGO_PAGERDUTY_SECRET,
      }),
      log,
      onAlert: (alert) => answerReported(context, alert),
    },
    webhooks: {
      receiverOf: (sender, name) => receiverOf(adapters, conductor, { sender, name }),
      log,
    },
  });
  return {
    listen: (at) => server.listen(at),
    async close() {
      await server.close();
    },
    told: () => telling,
  };
}
