/** The readiness checklist (GT-5): opened by button or by word, ticked in its modal. */

import { every } from '../src/conductor/every.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { Intent } from '../src/deployment/intents.ts';
import { LIVE, NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { itemState, openItems } from '../src/deployment/readiness/readiness.ts';
import type { Click, CommandCall, Feature, Origin, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { renderRefusal } from '../views/answers.ts';
import {
  boxesOf,
  boxOf,
  CHECKLIST_MODAL,
  readChecklistModal,
  standingTick,
  type Wish,
} from '../views/checklist-boxes.ts';
import { renderChecklistModal } from '../views/checklist-modal.ts';
import { renderChecklists } from '../views/checklists.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { hasChecklist } from '../views/readiness.ts';
import { inZone } from '../views/text.ts';
import { actorFor, type CommandContext, clicked, openModal, submit, whoIs } from './context.ts';
import { findDeployment, tooMuch } from './find.ts';

const USAGE = 'checklist [SERVICE|D-1042]';

export function checklist(context: CommandContext): Feature {
  const onClick = async (click: Click): Promise<void> => {
    const found = await clicked(context, click);
    if (found) await open(context, click, found.deployment);
  };
  return {
    clicks: { [CARD_ACTIONS.checklist]: onClick },
    choices: { [MORE.checklist]: onClick },
    submissions: { [CHECKLIST_MODAL.callback]: (submission) => save(context, submission) },
    subCommands: {
      checklist: {
        usage: USAGE,
        summary: 'what must be ticked before a start or a hand-over; alone, what waits for you',
        run: (call) => (call.text === '' ? mine(context, call) : byName(context, call)),
      },
    },
  };
}

async function open(context: CommandContext, origin: Origin, deployment: Deployment): Promise<void> {
  if (!hasChecklist(deployment)) {
    const {
      id,
      terms: { envelope },
    } = deployment;
    return origin.answer(
      renderRefusal(
        `${id} has no checklist: nothing is asked of it in ${envelope.environment} besides its sign-offs.`,
      ),
    );
  }
  const somebody = await whoIs(context, origin);
  if (somebody === undefined) return;
  const actor = actorFor(context, somebody, deployment);
  const viewer = { actor, zone: somebody.person.tz, now: context.clock.now() };
  await openModal(context, origin, renderChecklistModal(deployment, viewer));
}

async function byName(context: CommandContext, call: CommandCall): Promise<void> {
  const found = await findDeployment(context, {
    text: call.text,
    typed: call.typed,
    statuses: LIVE,
    that: 'is not over',
    usage: USAGE,
    several: (deployments) => renderChecklists('Which one?', deployments),
  });
  if (!found.ok) return call.answer(found.answer);
  if (found.reason !== '') return call.answer(tooMuch(found.reason, USAGE));
  await open(context, call, found.deployment);
}

/** What somebody must tick, and this person may. */
async function mine(context: CommandContext, call: CommandCall): Promise<void> {
  const somebody = await whoIs(context, call);
  if (somebody === undefined) return;
  const waiting: Deployment[] = [];
  for await (const d of every(context.stores.events, { statuses: LIVE })) {
    const open = openItems(d, NOT_STARTED.has(d.status) ? 'start' : 'hand_over');
    const looking = { actor: actorFor(context, somebody, d), now: context.clock.now() };
    if (open.some((item) => boxesOf(d, item, looking).some(({ ticked }) => !ticked))) waiting.push(d);
  }
  await call.answer(
    waiting.length === 0
      ? renderRefusal(
          'No checklist waits for you.',
          'That of a service, with what is not waited for: /deploy checklist SERVICE',
        )
      : renderChecklists('Checklists that wait for you', waiting),
  );
}

/** Only what the person changed is sent on; what others ticked meanwhile stays as they left it. */
async function save(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readChecklistModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const { wishes, note } = read;
  const [first] = wishes;
  if (first === undefined) {
    return note === undefined
      ? { kind: 'close' }
      : atNote('A note goes with what you tick. Tick something, or leave it empty.');
  }
  const [deployment, events, person] = await Promise.all([
    context.stores.events.load(read.deployment),
    context.stores.events.events(read.deployment, read.seq + 1),
    context.people.known(submission.userId),
  ]);
  if (deployment === undefined) return atNote(`${read.deployment} is not in the record.`);
  const verdicts = wishes.map((wish) => verdictOn(deployment, events, wish, person.tz));
  const items = verdicts.flatMap(({ item }) => (item === undefined ? [] : [item]));
  const wrong = verdicts.filter(({ kind }) => kind === 'wrong');
  const late = verdicts.filter(({ kind }) => kind === 'late');
  if (wrong.length > 0) return { kind: 'errors', errors: byBlock(wrong) };
  if (items.length === 0) return { kind: 'errors', errors: byBlock(late) };
  return submit(context, submission, deployment.id, first.block, {
    kind: 'tick',
    items,
    ...defined({ note }),
  });
}

const atNote = (problem: string): SubmissionEnd => ({
  kind: 'errors',
  errors: { [CHECKLIST_MODAL.note.block]: problem },
});

type Ticking = Extract<Intent, { kind: 'tick' }>['items'][number];

interface Verdict {
  /** `late`: somebody else has done the same by now. */
  kind: 'good' | 'late' | 'wrong';
  block: string;
  says: string;
  item?: Ticking;
}

/** Whether what a person wants of a box is still to be done, as things stand now. */
function verdictOn(
  d: Deployment,
  events: readonly DeploymentEvent[],
  { key, ticked, block }: Wish,
  zone: string,
): Verdict {
  const box = boxOf(d, { key });
  if (box === undefined) {
    const says =
      'The change was altered, and its checklist has this item no more. Close it and open it again.';
    return { kind: ticked ? 'wrong' : 'late', block, says };
  }
  const { item, role } = box;
  const wanted = { item: item.id, role };
  const { state, gate } = itemState(d, item);
  if (ticked && state === 'failed') {
    const says = `“${item.text}” can't be ticked: its gate has failed (${gate?.says ?? 'no figures'}). It ticks itself with a report that passes.`;
    return { kind: 'wrong', block, says };
  }
  const last = events.findLast(
    (event) =>
      (event.type === 'item_ticked' || event.type === 'item_unticked') &&
      event.item === item.id &&
      event.role === role,
  );
  const faster = fasterWords(item.text, last, zone);
  const standing = standingTick(d.evidence.ticks, wanted);
  if (ticked === (standing !== undefined)) return { kind: 'late', block, says: faster };
  if (!ticked && last?.type === 'item_ticked') return { kind: 'wrong', block, says: faster };
  return {
    kind: 'good',
    block,
    says: '',
    item: { item: item.id, ticked, ...defined({ role }) },
  };
}

function fasterWords(text: string, event: DeploymentEvent | undefined, zone: string): string {
  if (event === undefined)
    return `What was ticked has fallen meanwhile: “${text}” is open. Close the checklist and open it again.`;
  const { type, by, at } = event;
  const who = by.kind === 'person' ? by.name : 'GoNoGo';
  const did = type === 'item_ticked' ? 'ticked it' : 'opened it again';
  return `Someone was faster: ${who} ${did} (${inZone(at, zone)}): “${text}”. Close the checklist and open it again.`;
}

/** One field may hold several boxes. */
function byBlock(verdicts: readonly Verdict[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, says } of verdicts) errors[block] = [errors[block], says].filter(Boolean).join(' ');
  return errors;
}
