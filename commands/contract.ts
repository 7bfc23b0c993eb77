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
import { renderRefusal } from '../views/answers.ts';
import { renderUnknownName } from '../views/command-answers.ts';
import { movesFrom, readContractAccept, renderContractAccept } from '../views/contract-accept-modal.ts';
import { renderContractList } from '../views/contract-card.ts';
import { CONTRACT_ACCEPT, CONTRACT_ACTIONS, CONTRACT_IMPORT, contractIdIn } from '../views/contract-ids.ts';
import { placeValue, placeWords, renderContractImport } from '../views/contract-import-modal.ts';
import { renderContractModal } from '../views/contract-modal.ts';
import { momentsInZone } from '../views/text.ts';
import { actorOf, type CommandContext, openModal, refusalOf, whoIs } from './context.ts';
import { contractCard, filledFromContract, showContract } from './contract-deployment.ts';
import { importContract, postContract } from './contract-import.ts';
import { openSchedule } from './schedule.ts';
import { readWords } from './schedule-words.ts';

/** More than these are not listed; each can be seen by its id. */
const MAX_LISTED = 100;

export function contracts(context: CommandContext): Feature {
  return {
    subCommands: {
      contract: {
        usage: 'contract [list|ID]',
        summary: 'import a HANDOFF/V1 contract, or see those there are',
        run: (call) => contract(context, call),
      },
    },
    clicks: {
      [CONTRACT_ACTIONS.accept]: (click) => beginAccepting(context, click),
      [CONTRACT_ACTIONS.seeAll]: (click) => seeAll(context, click),
      [CONTRACT_ACTIONS.schedule]: (click) => scheduleIt(context, click),
    },
    options: { [CONTRACT_IMPORT.place]: (query) => places(context, query) },
    submissions: {
      [CONTRACT_IMPORT.callback]: (submission) => importContract(context, submission),
      [CONTRACT_ACCEPT.callback]: (submission) => accept(context, submission),
    },
  };
}

async function contract(context: CommandContext, call: CommandCall): Promise<void> {
  if (call.text === '') return openModal(context, call, renderContractImport(placeFrom(context, call)));
  const known = await context.stores.contracts.list(MAX_LISTED);
  if (call.text.toLowerCase() === 'list')
    return call.answer(renderContractList(known, known.length === MAX_LISTED));
  const record = await context.stores.contracts.find(call.text);
  if (record !== undefined) return call.answer(await contractCard(context, record));
  const ids = known.map(({ id }) => id);
  const near = nearestId(call.text, ['list', ...ids]);
  await call.answer(renderUnknownName('contract', call.text, { known: ids, ...defined({ near }) }));
}

/** The last environment of the one service whose channel it is. */
function placeFrom(
  context: CommandContext,
  { channelId }: Pick<CommandCall, 'channelId'>,
): { service: string; environment: string } | undefined {
  const [service, ...more] = [...context.policy().services.values()].filter(
    ({ channel }) => channel === channelId,
  );
  const environment = service?.environments.at(-1);
  return service === undefined || environment === undefined || more.length > 0
    ? undefined
    : { service: service.name, environment };
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
async function places(context: CommandContext, { query }: OptionsQuery): Promise<Option[]> {
  const wanted = query.trim().toLowerCase();
  return [...context.policy().services.values()]
    .flatMap(({ name, environments }) =>
      environments.map((environment) => ({
        text: placeWords({ service: name, environment }),
        value: placeValue(name, environment),
      })),
    )
    .filter(({ text, value }) => text.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted))
    .slice(0, 100);
}

async function contractOf(context: CommandContext, click: Click): Promise<ContractRecord | undefined> {
  const id = contractIdIn(click.value);
  const record = id === undefined ? undefined : await context.stores.contracts.find(id);
  if (record === undefined)
    await click.answer(
      renderRefusal(
        'That button is from another time: its contract is not in the record.',
        '/deploy contract list shows those there are.',
      ),
    );
  return record;
}

async function seeAll(context: CommandContext, click: Click): Promise<void> {
  const record = await contractOf(context, click);
  if (record !== undefined) await openModal(context, click, renderContractModal(record));
}

async function beginAccepting(context: CommandContext, click: Click): Promise<void> {
  const record = await contractOf(context, click);
  if (record === undefined) return;
  const somebody = await whoIs(context, click);
  if (somebody === undefined) return;
  const refusal = cannotAccept(context.policy(), record, actorOf(somebody));
  if (refusal !== undefined) return click.answer(refusalOf(refusal));
  await openModal(context, click, renderContractAccept(record));
}

async function accept(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const [block = ''] = Object.keys(submission.view.values);
  const refuse = (message: string): SubmissionEnd => ({ kind: 'errors', errors: { [block]: message } });
  const read = readContractAccept(submission.view);
  const record = read && (await context.stores.contracts.find(read.id));
  if (read === undefined || record === undefined)
    return refuse('This form is from another time. Close it and start again from /deploy contract list.');
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return refuse(resolved.message);
  const outcome = await acceptContract(
    { policy: context.policy(), contracts: context.stores.contracts, now: context.clock.now() },
    record,
    actorOf(resolved),
    movesFrom(record, read.start),
  );
  if (outcome.kind === 'refused') return refuse(momentsInZone(outcome.message, resolved.person.tz));
  return { kind: 'close', afterwards: () => showAccepted(context, outcome.record) };
}

/** Where its message could not be posted before, it is now. */
async function showAccepted(context: CommandContext, record: ContractRecord): Promise<void> {
  if (record.card === undefined) await postContract(context, record);
  else await showContract(context, record.id);
}

/** The schedule modal, filled in with what the contract says. */
async function scheduleIt(context: CommandContext, click: Click): Promise<void> {
  const record = await contractOf(context, click);
  if (record === undefined) return;
  const { service, environment } = record;
  const channelId = click.message?.channel ?? context.policy().services.get(service)?.channel ?? '';
  const text = `${service} to ${environment}`;
  const read = await readWords(context, { ...click, channelId, typed: text, text });
  if (!read.ok) return click.answer(read.answer);
  await openSchedule(context, click, filledFromContract(context, read.state, record));
}
