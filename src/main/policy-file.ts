/** The policy file: read at the start, read again when it changes, and the team told what came of it (PR-4). */

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { renderPolicyRefused, renderPolicyTaken } from '../../views/policy-notice.ts';
import { createLivePolicy, type LivePolicy, PolicyProblem, type Reloaded } from '../config/live-policy.ts';
import { readPresets } from '../config/presets.ts';
import { watchFile } from '../config/watch-file.ts';
import type { Log } from '../log.ts';
import type { Clients } from '../slack/clients.ts';
import type { Adapters } from './adapters.ts';
import { StartError } from './start-error.ts';

export function readPolicy(file: string, adapters: Adapters): LivePolicy {
  if (!existsSync(file)) {
    throw new StartError(
      `${file} cannot be read. GONOGO_CONFIG names the policy file; gonogo.example.yml is a beginning.`,
    );
  }
  try {
    return createLivePolicy({
      read: () => readFileSync(file, 'utf8'),
      presets: readPresets(),
      prepare: adapters.open,
    });
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    const lines = error.problems.map((problem) => `  ${problem}`);
    throw new StartError(`${file} is not a policy:\n${lines.join('\n')}`, { cause: error });
  }
}

export interface PolicyFile {
  /** Reads the file again; reloads run one after the other. Undefined after a fault of ours, which is logged. */
  reload(): Promise<Reloaded | undefined>;
  stop(): Promise<void>;
}

export interface PolicyFileOptions {
  file: string;
  live: LivePolicy;
  clients: Clients;
  log: Log;
  onReloaded(): void;
}

/** From now on the file is watched. */
export function followPolicy({ file, live, clients, log, onReloaded }: PolicyFileOptions): PolicyFile {
  let reloading: Promise<unknown> = Promise.resolve();

  async function reload(): Promise<Reloaded> {
    const reloaded = await live.reload();
    if (reloaded.kind === 'unchanged') return reloaded;
    log.info(
      reloaded.kind === 'taken' ? {} : { problems: reloaded.problems },
      `the policy was ${reloaded.kind}`,
    );
    onReloaded();
    await announce(clients, live.current().announcements, file, reloaded, log);
    return reloaded;
  }

  function inTurn(): Promise<Reloaded | undefined> {
    const mine = reloading.then(reload).catch((error: unknown) => {
      log.error({ err: error }, 'the policy could not be reloaded');
      return undefined;
    });
    reloading = mine;
    return mine;
  }

  const stopWatching = watchFile(file, {
    onChange: () => void inTurn(),
    onError: (error) =>
      log.warn({ err: error }, 'the policy file is not watched any more; SIGHUP reads it again'),
  });
  return {
    reload: inTurn,
    async stop() {
      stopWatching();
      await reloading;
    },
  };
}

/** What was said stands in the log as well: a channel that cannot be told must not stop anything. */
async function announce(
  clients: Clients,
  channel: string | undefined,
  file: string,
  reloaded: Exclude<Reloaded, { kind: 'unchanged' }>,
  log: Log,
): Promise<void> {
  if (channel === undefined) return;
  const said =
    reloaded.kind === 'taken' ? renderPolicyTaken() : renderPolicyRefused(basename(file), reloaded.problems);
  try {
    await clients.outbound.chat.postMessage({ channel, ...said });
  } catch (error) {
    log.error({ err: error, channel }, 'the team was not told about the policy');
  }
}
