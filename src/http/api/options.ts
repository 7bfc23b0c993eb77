/** What the API needs of the rest: the policy's services and gates, what is known of releases, and whom to tell. */

import type { ReleaseStore } from '../../conductor/ports/release-store.ts';
import type { SignatureStore } from '../../conductor/ports/signature-store.ts';
import type { ApiKey } from '../../config/api-keys.ts';
import type { Log } from '../../log.ts';
import type { Artifact, ArtifactRefusal } from '../../policy/artifacts.ts';
import type { Build } from '../../policy/gates.ts';
import type { SmokeResult, SmokeVerdict } from '../../policy/smoke.ts';
import type { Gate } from '../../terms/requirements.ts';
import type { WatchReport } from '../../terms/watched.ts';
import type { Clock } from '../../time.ts';

export type SmokeReported =
  /** No deployment of this version is there to be rolled back. */
  | { kind: 'nothing_there' }
  | { kind: 'not_asked'; message: string }
  | {
      kind: 'taken';
      deployment: string;
      /** The tests that a pipeline is asked for, and those of them that nobody has reported yet. */
      asked: string[];
      waitingFor: string[];
      verdict?: SmokeVerdict['kind'];
    };

export type SmokeReporting = (
  of: { service: string; environment: string; version: string },
  results: SmokeResult[],
  reporter: string,
) => Promise<SmokeReported>;

export type WatchReporting = (
  report: WatchReport,
  reporter: string,
) => Promise<
  /** `live`: it is still watched. */
  { kind: 'taken'; deployment: string; live: boolean } | { kind: 'not_taken'; why: string }
>;

export interface ApiOptions {
  /** By their names; with none, the API answers how to set them. */
  keys: ReadonlyMap<string, ApiKey>;
  releases: ReleaseStore;
  signatures: SignatureStore;
  /** The clock of the record: when something was reported. */
  clock: Pick<Clock, 'now'>;
  /** Real time, by which callers sign. */
  wallClock: Pick<Clock, 'now'>;
  log: Log;
  /** Names of the services of the policy. */
  services(): Iterable<string>;
  /** How its versions are tagged, where the policy says so. */
  versionPatternsOf(service: string): readonly string[] | undefined;
  /** The gates that the policy asks for of a service. */
  gatesOf(service: string): readonly Gate[];
  /**
   * What the version is built from, where no artifact is registered: as a deployment brought it or a backend lists it. None
   * where nobody knows it; undefined where that cannot be found out now.
   */
  knownRelease(service: string, version: string): Promise<readonly Build[] | undefined>;
  /** Results of smoke tests, for the deployment that they are about. */
  reportSmoke: SmokeReporting;
  /** A deployment that somebody else conducts, of a service that is only watched. */
  reportDeployment: WatchReporting;
  /** The environments of a service. */
  environmentsOf(service: string): readonly string[];
  /** Something new is known of a release: deployments of it were marked to look, and somebody should wake them. */
  onReported(): void;
  /** After the commit, once per attempt: people must know of it. */
  onArtifactRefused(refusal: ArtifactRefusal, registered: Artifact): void | Promise<void>;
}
