/** What CI says of releases: artifacts and reports of gates. */

import type { Artifact, ArtifactRefusal } from '../../policy/artifacts.ts';
import type { GateReport } from '../../policy/gates.ts';
import type { Instant } from '../../time.ts';

/** One version of one service. */
export interface ReleaseName {
  service: string;
  version: string;
}

export type Registered =
  | { kind: 'created' | 'completed' /** Facts that were missing were added. */; artifact: Artifact }
  /** `judgedAnew`: another pattern made another version of it. */
  | { kind: 'same'; artifact: Artifact; judgedAnew: boolean }
  /** `again`: the very same was refused before. */
  | { kind: 'refused'; registered: Artifact; refusal: ArtifactRefusal; again: boolean };

/** What CI says of releases; whatever changes what is known wakes the deployments it concerns, in one transaction. */
export interface ReleaseStore {
  /**
   * Of a gate and the build it is about, the report that was measured last counts; of two measured at the same
   * moment, the one that came last. `same`: this very report is there already. `older`: kept, and does not count.
   * Throws where nobody reports the gate (`answeredBy`).
   */
  report(of: ReleaseName, report: GateReport, now: Instant): Promise<'new' | 'same' | 'older'>;
  /** Of each gate, the last report about each commit and artifact that reports name. */
  reports(of: ReleaseName): Promise<GateReport[]>;
  /**
   * A version has one build for ever: another one is refused, and the attempt remembered (GT-3). `patterns` are how
   * the service's versions are tagged; where they changed since, the version is judged anew.
   */
  register(artifact: Artifact, now: Instant, patterns?: readonly string[]): Promise<Registered>;
  /** Of a service, what was registered last. */
  newest(service: string): Promise<{ artifact: Artifact; registeredAt: Instant } | undefined>;
  artifact(of: ReleaseName): Promise<Artifact | undefined>;
  /** Oldest first; the same attempt twice is there once. */
  refusals(of: ReleaseName): Promise<ArtifactRefusal[]>;
}
