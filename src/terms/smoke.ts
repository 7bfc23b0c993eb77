/** Smoke tests as they are agreed with a request: what is tried of a version once it is there, and what a failure means (SM-1, SM-2). */

import type { Duration } from '../time.ts';

export const SMOKE_CATEGORIES = ['health', 'authentication', 'core', 'integration', 'data'] as const;
export type SmokeCategory = (typeof SMOKE_CATEGORIES)[number];

/** Who tries it: GoNoGo over HTTP, a pipeline that reports over the API, or the backend itself. */
export const SMOKE_TESTERS = ['gonogo', 'ci', 'backend'] as const;
export type SmokeTester = (typeof SMOKE_TESTERS)[number];

export interface SmokeTest {
  id: string;
  name: string;
  category: SmokeCategory;
  /** A failure of it rolls back at once. */
  critical: boolean;
  by: SmokeTester;
  /** Whether the version before must pass it after a rollback: not what only the new one can do. */
  afterRollback: boolean;
  /** What it takes is held against the baseline of a home page (SM-3). */
  home: boolean;
  /** In their order, values and cookies carried on; none where somebody else tries it. */
  requests: SmokeRequest[];
}

/** `{{name}}` in a path, a header, a body or what is expected stands for a secret, a kept value or the version. */
export interface SmokeRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body?: SmokeBody;
  expect: {
    /** A redirect that is not named here is followed, to hosts that the policy names. */
    status: number[];
    contains?: string;
    headers: Record<string, string>;
    within: Duration;
  };
  /** Values for the requests after it, by name. */
  keep: Record<string, KeptFrom>;
}

export type SmokeBody =
  | { kind: 'form'; fields: Record<string, string> }
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string };

export type KeptFrom = { header: string } | { json: string } | { after: string; before: string };

/** A host that may be spoken to; another port than that of the scheme only where it is named. */
export interface SmokeHost {
  host: string;
  port?: number;
  /** It may have an address of a private network. */
  private: boolean;
}

/** How a request reaches the new version while the old one has traffic as well. */
export interface SmokeArm {
  base?: string;
  headers: Record<string, string>;
}

export interface SmokeTerms {
  tests: SmokeTest[];
  /** Where the service answers in this environment; unset where GoNoGo tries nothing itself. */
  base?: string;
  /** Unset where nothing leads to the new version alone: then it is tried when it has all traffic. */
  arm?: SmokeArm;
  hosts: SmokeHost[];
  /** References to secrets by the names that requests use, e.g. `env:SMOKE_PASSWORD`; never the secrets. */
  secrets: Record<string, string>;
  /** More failures than this, in percent of the tests that are not critical, hold. */
  holdOver: number;
  /** For all of them together. */
  within: Duration;
  /** A test that was flaky in more of its runs than this, in percent, is named. */
  flakyOver: number;
  baseline: { home: Duration; p50: Duration; p99: Duration };
}
