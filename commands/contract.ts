/** `/deploy contract`: import a HANDOFF/V1 contract, look at those there are, accept one (HO-4). */

import { acceptContract, cannotAccept } from '../src/conductor/contract-requests.ts';
import { nearest } from '../src/config/nearest.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { defined } from '../src/defined.ts';
import type {
  Click,
  CommandCall,
  Feature,
  Option,
  OptionsQuery,
  Submission,
  SubmissionEnd,
} from '../src/slack/feature.ts';
import { renderRefusal, renderUnknownName } from '../views/answers.ts';
import { movesFrom, readContractAccept, renderContractAccept } from '../views/contract-accept-modal.ts';
import { renderContractList } from '../views/contract-card.ts';
import { CONTRACT_ACCEPT, CONTRACT_ACTIONS, CONTRACT_IMPORT, contractIdIn } from '../views/contract-ids.ts';
import { placeValue, renderContractImport } from '../views/contract-import-modal.ts';
import { renderContractModal } from '../views/contract-modal.ts';
import { momentsInZone } from '../views/text.ts';
import { contractCard, filledFromContract, showContract } from './contract-deployment.ts';
import { importContract, postContract } from './contract-import.ts';
import { actorOf, openModal, type Room, refusalOf, whoIs } from './room.ts';
import { openSchedule, readWords } from './schedule.ts';

/** More than these are not listed; each can be seen by its id. */
const MOST = 100;

export function contracts(room: Room): Feature {
  return {
    subCommands: {
      contract: {
        usage: 'contract [list|ID]',
        summary: 'import a HANDOFF/V1 contract, or see those there are',
        run: (call) => contract(room, call),
      },
    },
    clicks: {
      [CONTRACT_ACTIONS.accept]: (click) => beginAccepting(room, click),
      [CONTRACT_ACTIONS.seeAll]: (click) => seeAll(room, click),
      [CONTRACT_ACTIONS.schedule]: (click) => scheduleIt(room, click),
    },
    options: { [CONTRACT_IMPORT.place]: (query) => places(room, query) },
    submissions: {
      [CONTRACT_IMPORT.callback]: (submission) => importContract(room, submission),
      [CONTRACT_ACCEPT.callback]: (submission) => accept(room, submission),
    },
  };
}

async function contract(room: Room, call: CommandCall): Promise<void> {
  if (call.text === '') return openModal(room, call, renderContractImport());
  const known = await room.stores.contracts.list(MOST);
  if (call.text.toLowerCase() === 'list')
    return call.answer(renderContractList(known, known.length === MOST));
  const record = await room.stores.contracts.find(call.text);
  if (record !== undefined) return call.answer(await contractCard(room, record));
  const ids = known.map(({ id }) => id);
  const near = nearestId(call.text, ['list', ...ids]);
  await call.answer(renderUnknownName('contract', call.text, { known: ids, ...defined({ near }) }));
}

/** In the writing of the one that is there. */
function nearestId(word: string, known: readonly string[]): string | undefined {
  const near = nearest(
    word,
    known.map((id) => id.toLowerCase()),
  );
  return known.find((id) => id.toLowerCase() === near);
}

/** Every service with each of its environments. */
async function places(room: Room, { query }: OptionsQuery): Promise<Option[]> {
  const wanted = query.trim().toLowerCase();
  return [...room.policy().services.values()]
    .flatMap(({ name, environments }) =>
      environments.map((environment) => ({
        text: `${name} → ${environment}`,
        value: placeValue(name, environment),
      })),
    )
    .filter(({ text, value }) => text.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted))
    .slice(0, 100);
}

async function contractOf(room: Room, click: Click): Promise<ContractRecord | undefined> {
  const id = contractIdIn(click.value);
  const record = id === undefined ? undefined : await room.stores.contracts.find(id);
  if (record === undefined)
    await click.answer(
      renderRefusal(
        'That button is from another time: its contract is not in the record.',
        '/deploy contract list shows those there are.',
      ),
    );
  return record;
}

async function seeAll(room: Room, click: Click): Promise<void> {
  const record = await contractOf(room, click);
  if (record !== undefined) await openModal(room, click, renderContractModal(record));
}

async function beginAccepting(room: Room, click: Click): Promise<void> {
  const record = await contractOf(room, click);
  if (record === undefined) return;
  const somebody = await whoIs(room, click);
  if (somebody === undefined) return;
  const refusal = cannotAccept(room.policy(), record, actorOf(somebody));
  if (refusal !== undefined) return click.answer(refusalOf(refusal));
  await openModal(room, click, renderContractAccept(record));
}

async function accept(room: Room, submission: Submission): Promise<SubmissionEnd> {
  const [block = ''] = Object.keys(submission.view.values);
  const refuse = (message: string): SubmissionEnd => ({ kind: 'errors', errors: { [block]: message } });
  const read = readContractAccept(submission.view);
  const record = read && (await room.stores.contracts.find(read.id));
  if (read === undefined || record === undefined)
    return refuse('This form is from another time. Close it and start again from /deploy contract list.');
  const resolved = await room.people.resolve(submission.userId);
  if (!resolved.ok) return refuse(resolved.message);
  const outcome = await acceptContract(
    { policy: room.policy(), contracts: room.stores.contracts, now: room.clock.now() },
    record,
    actorOf(resolved),
    movesFrom(record, read.start),
  );
  if (outcome.kind === 'refused') return refuse(momentsInZone(outcome.message, resolved.person.tz));
  return { kind: 'close', afterwards: () => showAccepted(room, outcome.record) };
}

/** Where its message could not be posted before, it is now. */
async function showAccepted(room: Room, record: ContractRecord): Promise<void> {
  if (record.card === undefined) await postContract(room, record);
  else await showContract(room, record.id);
}

/** The schedule modal, filled in with what the contract says. */
async function scheduleIt(room: Room, click: Click): Promise<void> {
  const record = await contractOf(room, click);
  if (record === undefined) return;
  const { service, environment } = record;
  const channelId = click.message?.channel ?? room.policy().services.get(service)?.channel ?? '';
  const read = await readWords(room, { ...click, channelId, text: `${service} to ${environment}` });
  if (!read.ok) return click.answer(read.answer);
  await openSchedule(room, click, filledFromContract(room, read.state, record));
}
