/** In an alert's thread (K-6): which deployments could be to blame, the likeliest first, and what can be done at once. */

import type { Button, KnownBlock, ModalView } from '@slack/types';
import type { Alert } from '../src/alerts/alert.ts';
import type { Reason, Suspect } from '../src/alerts/suspects.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_HOLD, CAN_ROLL_BACK } from '../src/deployment/lifecycle.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import type { PersonRef } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import { actions, button, context, inWords, plain, type Rendered, section, sectionsOf } from './blocks.ts';
import { changedWords } from './changes-words.ts';
import { leadOrOnCallNames, name, plainRelease, title } from './deployment-words.ts';
import { rollbackTook } from './end-words.ts';
import { lookSentence } from './look-words.ts';
import { rollBackButton } from './rollback-buttons.ts';
import { holdButton } from './rollout-buttons.ts';
import { statusWords } from './status-words.ts';
import { code, dateTime, duration, inline, listOf, quote } from './text.ts';

export const ALERT_ACTIONS = {
  rollBack: 'alert.roll_back',
  hold: 'alert.hold',
  notADeployment: 'alert.not_a_deployment',
} as const;

export interface SuspectShown {
  suspect: Suspect;
  deployment: Deployment;
}

export interface AlertAnswerShown {
  /** All that the alert could be about: one, or several that are equally likely. */
  services: readonly string[];
  /** The alert only speaks of it somewhere, or of something that is called much like it. */
  guessed?: boolean;
  environment?: string;
  suspects: readonly SuspectShown[];
}

export function renderAlertAnswer(shown: AlertAnswerShown): Rendered {
  const head = headOf(shown);
  const lines = shown.suspects.map((one, index) => suspectLine(one, index + 1));
  return {
    text: inWords([head, ...lines]),
    blocks: [...sectionsOf([`*${head}*`, ...lines]), ...actions('alert.actions', buttonsFor(shown.suspects))],
  };
}

function headOf({ services, guessed = false, environment, suspects }: AlertAnswerShown): string {
  const where = environment === undefined ? '' : `, ${inline(environment, 40)}`;
  const names = services.map((one) => inline(one, 60));
  if (!suspects.some(({ suspect }) => suspect.likely))
    return `Nothing that was deployed explains this well. It moves in ${listOf(names, 'or')}${where} or in what that needs, and is unlikely to be the cause:`;
  return names.length === 1 && !guessed
    ? `In ${names[0]}${where}:`
    : `This could be about ${listOf(names, 'or')}${where}:`;
}

export type AlertDecision =
  | { kind: 'rolls_back' | 'holds'; deployment: Deployment }
  | { kind: 'not_a_deployment' };

/** What a person made of it: then there is nothing left to press. */
export function renderAlertDecided(
  { decision, by }: { decision: AlertDecision; by: PersonRef },
  suspects: readonly Deployment[],
): Rendered {
  const done = `${name(by)} ${decidedWords(decision)}`;
  const were = `Suspects were: ${suspects.map((d) => `${d.id} ${inline(plainRelease(d), 120)}`).join(' · ')}`;
  return { text: inWords([done, were]), blocks: [section(done), context(were)] };
}

/** In the same place, once it is over: nobody has to look for the card to know. Undefined while it goes on. */
export function renderAlertEnded(d: Deployment): Rendered | undefined {
  const { rollback, ending } = d;
  if (rollback === undefined || ending === undefined) return undefined;
  const service = inline(d.terms.envelope.service, 60);
  const by = rollback.by.kind === 'person' ? ` · rolled back by ${name(rollback.by)}` : '';
  const text =
    d.status === 'rolled_back'
      ? `⏪ ${service} is back on ${inline(rollback.to ?? 'nothing', 60)} with all traffic${rollbackTook(d, ending.at)}${by}`
      : `🛑 The rollback of ${inline(plainRelease(d), 120)} failed: ${inline(ending.reason ?? 'nobody knows why', 300)}. Traffic may be split: ${leadOrOnCallNames(d)} must look at the backend now.`;
  return { text: inWords([text]), blocks: [section(text)] };
}

const ROLLBACK_CHOICE_MODAL = 'rollback_choice';

/** "Roll back a deploy" on a message: what it could be about first, else all that can be taken back. */
export function renderRollbackChoice(
  deployments: readonly Deployment[],
  { suspected }: { suspected: boolean },
): ModalView {
  const head = suspected
    ? 'This message could be about these, the likeliest first.'
    : 'The message does not say which. These can be rolled back, the newest first.';
  const choices = deployments.flatMap((d) => [
    section(`*${title(d)}*  ·  ${d.id}\n${inline(statusWords(d), 120)} · ${leadOrOnCallNames(d)}`),
    ...actions(`rollback.${d.id}`, [{ ...rollBackButton(d), action_id: ALERT_ACTIONS.rollBack }]),
  ]);
  const none = section('Nothing that GoNoGo deployed can be rolled back now.');
  return choiceModal(deployments.length === 0 ? [none] : [section(head), ...choices]);
}

export function renderDecidedModal({ by, decision }: { by: PersonRef; decision: AlertDecision }): ModalView {
  return choiceModal([section(`${name(by)} ${decidedWords(decision)}`)]);
}

const choiceModal = (blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  callback_id: ROLLBACK_CHOICE_MODAL,
  title: plain('Roll back a deploy', 24),
  close: plain('Close', 24),
  blocks,
});

/** What a mention asked for, with the one confirmed button: a word is quickly typed, and a service quickly mistaken. */
export function renderAskedRollback(d: Deployment, reason: string | undefined): Rendered {
  const state = `*${title(d)}*  ·  ${d.id}\n${inline(statusWords(d), 120)}`;
  const why =
    reason === undefined ? 'The reason is asked afterwards.' : `The reason is noted: ${quote(reason, 300)}`;
  return {
    text: inWords([`${title(d)} (${d.id}): ${inline(statusWords(d), 120)}. One click takes it back.`, why]),
    blocks: [
      section(state),
      ...actions('alert.actions', [{ ...rollBackButton(d), action_id: ALERT_ACTIONS.rollBack }]),
      context(why),
    ],
  };
}

function decidedWords(decision: AlertDecision): string {
  switch (decision.kind) {
    case 'rolls_back':
      return `rolls back ${inline(plainRelease(decision.deployment), 120)}. Its card and thread say how that goes.`;
    case 'holds':
      return `holds ${inline(plainRelease(decision.deployment), 120)}: nothing moves until it is resumed or rolled back.`;
    case 'not_a_deployment':
      return 'says that no deployment caused this.';
  }
}

const SOURCES: Record<Alert['source'], string> = {
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  sentry: 'Sentry',
  cloudwatch: 'CloudWatch',
  datadog: 'Datadog',
  pagerduty: 'PagerDuty',
  opsgenie: 'Opsgenie',
  new_relic: 'New Relic',
  text: 'Monitoring',
};

/** An alert that came without a message of its own, above what could be to blame for it. */
export function renderReportedAlert({ source, title: what, lines }: Alert, answer: Rendered): Rendered {
  const head = `🚨 ${SOURCES[source]}: ${inline(what, 200)}`;
  const more = lines.slice(0, 3).map((line) => inline(line, 200));
  return {
    text: inWords([head, ...more, answer.text]),
    blocks: [section(`*${head}*`, ...more), ...answer.blocks],
  };
}

/** Why an answer comes late: nobody was there to hear it, it was delivered late, or the answer did not go out. */
export type Late = { since: Instant; because: 'away' | 'delivered' | 'told' | 'unsaid' };

const LATE_WORDS: Record<Late['because'], string> = {
  away: 'GoNoGo did not run then, or was cut off from Slack or its record',
  delivered: 'Slack delivered it only now',
  told: 'monitoring told it only now',
  unsaid: 'Slack did not take the answer before, or GoNoGo ended over it',
};

/** Whoever reads an answer takes it for news: one that is late says so, and why, before all else. */
export function saidLate(answer: Rendered, { since, because }: Late): Rendered {
  const words = `⏰ This is from ${dateTime(since)} and answered late: ${LATE_WORDS[because]}.`;
  return { text: inWords([words, answer.text]), blocks: [section(words), ...answer.blocks] };
}

/** One line where nothing explains the alert: saying nothing would read as not having looked. */
export function renderNoSuspect(services: readonly string[]): Rendered {
  const text =
    services.length === 0
      ? 'No service that gonogo.yml knows is named here, so nothing could be looked up.'
      : `Nothing was deployed in the last 24 hours that could explain this: not ${listOf(
          services.map((one) => inline(one, 60)),
          'or',
        )}, and nothing that ${services.length === 1 ? 'it needs' : 'they need'}.`;
  return { text, blocks: [section(text)] };
}

function suspectLine({ suspect, deployment }: SuspectShown, place: number): string {
  const { change, reasons } = suspect;
  const stage = deployment.rollout?.stages.at(-1);
  const moved = reasons.some(({ kind }) => kind === 'rolling_out');
  // An answer may be said later than the alert was heard.
  const moves = moved && deployment.ending === undefined;
  const share =
    moves && stage !== undefined ? ` at ${stage.percent} %, started ${dateTime(change.startedAt)}` : '';
  const words = [
    `${inline(change.service, 60)} ${code(change.version)}${share}`,
    ...(moved && !moves ? [`now: ${inline(statusWords(deployment), 120)}`] : []),
    ...(suspect.likely ? [] : [unlikelyWords(suspect)]),
    ...reasons.flatMap(reasonWords),
    ...judgeWords(deployment, moves),
    ...[changedWords(deployment)].filter(Boolean),
  ];
  return `${place}.  ${[...words, `${deployment.id}, ${leadOrOnCallNames(deployment)}`].join(' · ')}`;
}

const unlikelyWords = ({ change }: Suspect): string =>
  change.judged === 'no_worse' ? 'unlikely: it does no worse than what ran before it' : 'unlikely';

function reasonWords(reason: Reason): string[] {
  switch (reason.kind) {
    case 'rolling_out':
      return [];
    case 'finished':
      return [`finished ${duration(reason.before)} before this alert`];
    case 'grew':
      return [`its traffic grew ${duration(reason.before)} before this alert`];
    case 'dependency':
      return [
        `${inline(reason.of, 60)} ${reason.steps === 1 ? 'depends on it' : 'needs what depends on it'}`,
      ];
    case 'judged':
      // What the judge saw is said with its figures, decided or not.
      return [];
    case 'rolled_back':
      return ['rolled back'];
    case 'touched':
      return [
        `the alert names what it changed: ${listOf(
          reason.what.slice(0, 3).map((one) => inline(one, 40)),
          'and',
        )}`,
      ];
    case 'same_code':
      return ['it brought the same code once more'];
  }
}

/** Of what rolls out, the last look; what has finished was fine then, which says little of now. */
function judgeWords({ rollout }: Deployment, moves: boolean): string[] {
  const look = rollout?.finalWatch?.lastLook ?? rollout?.stages.at(-1)?.lastLook;
  return moves && look !== undefined ? [lookSentence(look)] : [];
}

/** Of the likeliest that can still be changed; the one that helps at once first, and red. */
function buttonsFor(suspects: readonly SuspectShown[]): Button[] {
  const deployments = suspects.map(({ deployment }) => deployment);
  const back =
    deployments.find(({ status }) => CAN_ROLL_BACK.has(status)) ?? deployments.find(mayBeTakenBack);
  const hold = suspects.find(({ deployment }) => CAN_HOLD.has(deployment.status))?.deployment;
  return [
    ...(back === undefined ? [] : [{ ...rollBackButton(back), action_id: ALERT_ACTIONS.rollBack }]),
    ...(hold === undefined ? [] : [{ ...holdButton(hold), action_id: ALERT_ACTIONS.hold }]),
    button({
      action: ALERT_ACTIONS.notADeployment,
      text: 'Not a deployment',
      value: 'no',
      label: 'No deployment caused this alert',
    }),
  ];
}
