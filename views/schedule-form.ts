/** What a field of the schedule form is (K-2), and what the form knows when it is drawn: the fields themselves stand in one table. */

import type { InputBlockElement, KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Release } from '../src/backends/port.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { RefusalCode } from '../src/deployment/intents.ts';
import type { ShortNotice } from '../src/deployment/request/notice.ts';
import type { Criteria } from '../src/policy/calendar/criteria.ts';
import type { ServicePolicy, Strategy } from '../src/policy/policy.ts';
import type { CameFrom } from '../src/terms/before.ts';
import type { BaseType, Details } from '../src/terms/change.ts';
import type { Changes } from '../src/terms/changes.ts';
import type { RolledBackBefore } from '../src/terms/comes-back.ts';
import type { Instant } from '../src/time.ts';
import type { Guarded } from './rule-words.ts';
import type { Saving } from './saving-words.ts';

export const metadataSchema = z.object({
  /** The accepted contract that it is to carry out. */
  contract: z.string().optional(),
  /** Where `/deploy` was typed. */
  channel: z.string().optional(),
  /** What was typed of the place while no service was known: it stands with the first that is chosen, where it fits. */
  typed: z.object({ environment: z.string().optional(), version: z.string().optional() }).optional(),
  /** What lies behind "Change…" was asked for. */
  unfolded: z.literal(true).optional(),
  /** What was filled in from the title of which version; what is typed instead stays. */
  titled: z.object({ version: z.string(), title: z.string() }).optional(),
  /** Where a click sent it that no menu made: Slack would keep what the menu held. */
  sentTo: z.string().optional(),
  /** The deployment that is being changed, as the person saw it. */
  revises: z
    .object({
      d: z.string(),
      s: z.number(),
      /** What each field began from, in short. */
      began: z.record(z.string(), z.string()),
    })
    .optional(),
});

export type ScheduleMetadata = z.infer<typeof metadataSchema>;

/** What other fields and lines hang on; each of these is a field itself. */
export interface Chosen {
  metadata: ScheduleMetadata;
  service?: string;
  environment?: string;
  version?: string;
  when: 'ready' | 'window' | 'at';
  at?: Instant;
  strategy?: string;
  changeType: Details['changeType'];
  risk: Details['risk'];
  database: Details['database'];
}

/** What the modal shows beside what is filled in. */
export interface ScheduleContext {
  services: readonly string[];
  /** Those of the chosen service, in their order. */
  environments: readonly { id: string; name: string }[];
  strategies: readonly Pick<Strategy, 'id' | 'name' | 'plan'>[];
  /** Why some that the place allows are not among them. */
  notTaken?: string;
  /** What runs at the chosen place; null for nothing, unset where that is not known. */
  running?: { version: string | null; since?: Instant };
  /** Roles that must say go at the chosen place, as people read them; unset while no place is chosen. */
  approval?: {
    when: 'none' | 'before' | 'afterwards';
    signOffs: readonly string[];
    /** From when this kind of change may start; unset for at once. */
    earliest?: Instant;
  };
  /** What it needs before it starts besides: gates, a change request, and items of the checklist, waited for or not. */
  needs?: { gates: number; changeRequest: boolean; required: number; optional: number };
  /** What is known of the chosen version. */
  release?: Release;
  /** How far the chosen version has come on its way up: where it completed before, or has yet to. */
  cameFrom?: CameFrom;
  /** The chosen version was rolled back there before (RB-8). */
  rolledBack?: RolledBackBefore;
  /** What it changes of what runs there, where that is known. */
  changes?: Changes;
  /** When it could start at the earliest, where it may not start at any time. */
  nextStart?: Instant;
  /** What guards it at the chosen place. */
  guarded: Guarded;
  /** What each stage can tell at the usual traffic, in words; unset where that is not known. */
  power?: readonly string[];
  /** Where the chosen start is known later than those who must know were promised (CM-5). */
  shortNotice?: ShortNotice;
  /** What speaks for the chosen or offered start; unset where the place has no windows. */
  criteria?: Criteria;
  /** The kinds of change that are for whoever has it open, of all that the policy has. */
  changeTypes: readonly Details['changeType'][];
  allChangeTypes: readonly Details['changeType'][];
  /** Which of the three the chosen kind is built on. */
  base: BaseType;
  /** Of whoever has it open, for times on what draws no dates. */
  zone: string;
  /** Of a form that changes what is on its way: what saving it would do to the gos that stand. */
  saving?: Saving;
  /** What it is to carry out (HO-4). */
  contract?: ContractRecord;
  /** Something the person must know first: why a choice of theirs was not taken over. */
  notice?: string;
  /** What was wrong with what lay behind "Change…", by field. */
  problems?: Readonly<Record<string, string>>;
}

export interface Form {
  chosen: Chosen;
  about: ScheduleContext;
}

/** Everything about one field; `V` is what it holds. */
export interface Field<V = unknown> {
  label: string;
  /** What a form that is sent must have in it, and what is said where it has not. */
  shape: z.ZodType<V>;
  /** What it begins with where nothing else is known: such a field is never empty. */
  blank?: V;
  /** Lies behind "Change…" as long as it is filled in. */
  folded?: true;
  /** Choosing it draws the form anew, for what hangs on it. */
  redraws?: true;
  /** Whether it applies to what is chosen; unless told it always does. */
  isAsked?(form: Form): boolean;
  /** Slack keeps what a block of the same id held: where what hangs on another choice changes, so does this end of the id. */
  block?(form: Form): string;
  element(action: string, value: V | undefined, form: Form): InputBlockElement;
  hint?(form: Form): string | undefined;
  above?(form: Form): KnownBlock[];
  below?(form: Form): KnownBlock[];
  /** In the line that stands for what is folded; mrkdwn. */
  inShort?(value: V, form: Form): string;
  /** From and to the text that Slack holds of it; unless told, it is that text. */
  read?(text: string): unknown;
  write?(value: V): string;
  /** What is still wrong with it beside its shape. */
  problem?(value: V | undefined, chosen: Chosen): string | undefined;
  /** What the policy says of it for a service that is chosen; undefined for nothing, and what was there before is forgotten. */
  ofService?(service: ServicePolicy, userId: string): V | undefined;
  /** Whether what was typed of it before any service was known stands with one that is chosen. */
  standsWith?(typed: V, service: ServicePolicy): boolean;
  /** What the title of the chosen version fills in. */
  fromRelease?(release: Release): string | undefined;
  /** What a deployment that is changed, or asked for again, has of it. */
  of?(d: Deployment): V | undefined;
  /** As it is compared with what somebody else changed meanwhile (CH-7); `false` where another field does that for it. */
  compared?: false | ((value: V | undefined, chosen: Chosen) => string);
  /** As it is told to whoever was slower: a person by name, anything else in these words. */
  told?: 'person' | ((value: V | undefined, chosen: Chosen) => string);
  /** Refusals of the core that are said here. */
  refusals?: readonly RefusalCode[];
  /** Where what is wrong with it is said while it is not drawn; the version unless told. */
  elseAt?: string;
}
