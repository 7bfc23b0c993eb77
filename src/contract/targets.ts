/** The figures a contract promises, each with where it says so; what is not understood is listed, never guessed. */

import { type Contract, type Entry, SECTIONS, type SectionKey } from './contract.ts';
import { criteriaOf } from './criteria.ts';
import { durationIn, isLower, isUpper, shareIn, type Target, type TargetKind } from './figures.ts';

/** Where a figure stands. */
interface Source {
  /** The heading of the part. */
  section: string;
  name: string;
  text: string;
  line: number;
}

export type FoundTarget = Target & { source: Source };

export interface NotUnderstood extends Source {
  why: string;
}

export interface Targets {
  /** One of a kind, in the order of the document. */
  targets: FoundTarget[];
  /** Kept as text. */
  notUnderstood: NotUnderstood[];
}

interface Rule {
  kind: TargetKind;
  /** Of the name, in small letters. */
  name: RegExp;
  read(text: string): Target | undefined;
}

/** A rule that reads a duration from above. */
const upper = (read: (within: number) => Target) => (text: string) => {
  const found = durationIn(text);
  return found !== undefined && isUpper(found) ? read(found.value) : undefined;
};

/** A rule that reads a duration from below. `24 hours after the start` is when it begins, not how long it lasts. */
const lasting = (read: (lasts: number) => Target) => (text: string) => {
  const found = durationIn(text);
  const begins = /\b(?:begin|start|commenc)\w*\b/i.test(text);
  return found !== undefined && isLower(found) && !begins ? read(found.value) : undefined;
};

/** `no later than 24 hours before the start` is at least so long before it. */
const BEFORE = /\b(?:before|ahead|prior to|in advance|beforehand)\b/gi;

function noticeIn(text: string): Target | undefined {
  const found = durationIn(text, BEFORE);
  if (found === undefined) return undefined;
  const notLater = /\b(?:no|not) later than\b|\bat the latest\b/i.test(text) && text.search(BEFORE) >= 0;
  return isLower(found) || notLater ? { kind: 'notice', ahead: found.value } : undefined;
}

/** So soon after it was accepted; `48 hours after it` may as well be when it begins, and before it is not after it. */
function windowIn(text: string): Target | undefined {
  const found = durationIn(text);
  const within = found?.side === 'at_most' || found?.side === 'below';
  return within && /\baccept/i.test(text) && !/\bbefore\b/i.test(text)
    ? { kind: 'window', within: found.value }
    : undefined;
}

const NONE = /\b(?:no|zero|none|0)\b/;
/** The `no` that is meant: `no user-reported issues`. */
const NO_ISSUE = /\b(?:no|not one|none)\b/;

const ROLLBACK: Rule = {
  kind: 'rollback',
  name: /\broll(?:ing)?[- ]?back/,
  read: upper((within) => ({ kind: 'rollback', within })),
};

const METRICS: readonly Rule[] = [
  {
    kind: 'deployment_time',
    name: /\b(?:deploy(?:ment)?|rollout|release) (?:time|duration)\b|\btime to deploy\b/,
    read: upper((within) => ({ kind: 'deployment_time', within })),
  },
  {
    kind: 'downtime',
    name: /\bdowntime\b/,
    read: (text) =>
      upper((atMost) => ({ kind: 'downtime', atMost }))(text) ??
      (!/\d/.test(text) && /^(?:none|zero|no downtime)\b/i.test(text)
        ? { kind: 'downtime', atMost: 0 }
        : undefined),
  },
  { kind: 'error_rate', name: /\berror(?:s|[- ]rate)?\b/, read: readErrorRate },
  {
    kind: 'performance',
    name: /\bperformance\b|\bresponse times?\b|\blatency\b/,
    read(text) {
      const found = shareIn(text);
      const near = found?.side === 'about' || (found?.side === 'at_most' && /\btoleran/i.test(text));
      return found !== undefined && near ? { kind: 'performance', tolerance: found.value } : undefined;
    },
  },
  {
    kind: 'user_issues',
    name: /\busers?\b/,
    read(text) {
      const found = durationIn(text, NO_ISSUE);
      const none = NONE.test(text.toLowerCase()) && /\b(?:issue|report|complaint|incident)/i.test(text);
      return none && found !== undefined && (found.side === 'at_most' || found.side === 'exact')
        ? { kind: 'user_issues', noneWithin: found.value }
        : undefined;
    },
  },
  {
    kind: 'monitoring_coverage',
    name: /\bmonitor\w* coverage\b|\bcoverage of (?:the )?monitoring\b/,
    read(text) {
      const found = shareIn(text);
      return found !== undefined && isLower(found)
        ? { kind: 'monitoring_coverage', atLeast: found.value }
        : undefined;
    },
  },
  ROLLBACK,
];

const TIMELINE: readonly Rule[] = [
  {
    kind: 'window',
    name: /\bwindow\b/,
    read: windowIn,
  },
  {
    kind: 'validation',
    name: /\bvalidation\b|\bstabili[sz]ation\b/,
    read: lasting((lasts) => ({ kind: 'validation', lasts })),
  },
  {
    kind: 'watching',
    name: /\bmonitoring\b|\bobservation\b|\bwatch/,
    read: lasting((lasts) => ({ kind: 'watching', lasts })),
  },
  ROLLBACK,
];

const COMMUNICATION: readonly Rule[] = [
  {
    kind: 'notice',
    name: /\bpre[- ]?deployment\b|\bbefore\b|\bnotice\b/,
    read: noticeIn,
  },
  {
    kind: 'all_clear',
    name: /\bpost[- ]?deployment\b|\bafter\b|\ball[- ]clear\b/,
    read: (text) =>
      /\bbefore\b/i.test(text) ? undefined : upper((within) => ({ kind: 'all_clear', within }))(text),
  },
];

function readErrorRate(text: string): Target | undefined {
  const found = shareIn(text);
  // A share of what goes well is none of errors.
  const ofSuccess = /\b(?:success\w*|succeed\w*|availab\w*|uptime|pass\w*|error[- ]free|served|answered)\b/i;
  if (found === undefined || !isUpper(found) || ofSuccess.test(text)) return undefined;
  return { kind: 'error_rate', limit: found.value, bound: found.side === 'below' ? 'below' : 'at_most' };
}

/** What the metric promises; undefined where that is not understood. */
export function figureOf(entry: Pick<Entry, 'name' | 'text'>): Target | undefined {
  return readWith(METRICS, entry);
}

/** The first rule whose name fits reads the text, or nobody does. */
function readWith(rules: readonly Rule[], { name, text }: Pick<Entry, 'name' | 'text'>): Target | undefined {
  return rules.find((rule) => rule.name.test(name.toLowerCase()))?.read(text);
}

type Candidate = { source: Source; target: Target | undefined; figures: 'always' | 'where_some' };

export function contractTargets(contract: Contract): Targets {
  const doubts = contract.doubts.map((doubt) => ({ ...doubt, name: '' }));
  const found: Targets = { targets: [], notUnderstood: doubts };
  for (const { source, target, figures } of candidates(contract)) {
    const same = target && found.targets.find(({ kind }) => kind === target.kind);
    if (target === undefined) {
      if (figures === 'always' || /\d/.test(source.text))
        found.notUnderstood.push({ ...source, why: 'no figure is understood here' });
    } else if (same === undefined) found.targets.push({ ...target, source });
    else if (!isSame(same, target))
      found.notUnderstood.push({ ...source, why: `line ${same.source.line} says something else` });
  }
  return found;
}

function candidates(contract: Contract): Candidate[] {
  const of = (
    key: SectionKey,
    entries: readonly Entry[],
    rules: readonly Rule[],
    figures: Candidate['figures'],
  ) =>
    entries.map(
      (entry): Candidate => ({ source: sourceOf(key, entry), target: readWith(rules, entry), figures }),
    );
  return [
    // A criterion is a sentence to tick; of its figures only the time of a rollback is one to hold it to.
    ...of(
      'acceptanceCriteria',
      criteriaOf(contract).filter((entry) => readWith([ROLLBACK], entry) !== undefined),
      [ROLLBACK],
      'always',
    ),
    ...contract.successMetrics.map(
      (metric): Candidate => ({
        source: sourceOf('successMetrics', metric),
        target: metric.figure,
        figures: 'always',
      }),
    ),
    ...of('communicationPlan', contract.communicationPlan, COMMUNICATION, 'where_some'),
    ...of('timeline', contract.timeline, TIMELINE, 'always'),
  ];
}

const sourceOf = (key: SectionKey, { name, text, line }: Entry): Source => ({
  section: SECTIONS[key],
  name,
  text,
  line,
});

function isSame(found: FoundTarget, target: Target): boolean {
  const { source: _source, ...before } = found;
  return JSON.stringify(before) === JSON.stringify(target);
}

/** The target of one kind, where the contract has it. */
export function targetOf<K extends TargetKind>(
  targets: readonly FoundTarget[],
  kind: K,
): Extract<FoundTarget, { kind: K }> | undefined {
  return targets.find((target): target is Extract<FoundTarget, { kind: K }> => target.kind === kind);
}
