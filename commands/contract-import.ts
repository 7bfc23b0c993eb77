/** A contract comes in: loaded, read, kept, and posted in the channel of its service (HO-4). */

import { LIMITS } from '../src/contract/contract.ts';
import { describeContractProblem } from '../src/contract/problems.ts';
import { type ReadContract, readContract } from '../src/contract/read-contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { textOf } from '../src/contract/source.ts';
import type { Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { renderContractCard } from '../views/contract-card.ts';
import { type GivenContract, placeError, readContractImport } from '../views/contract-import-modal.ts';
import { renderContractModal } from '../views/contract-modal.ts';
import { inZone } from '../views/text.ts';
import type { CommandContext } from './context.ts';

/** More than these do not fit below a field. */
const MAX_PROBLEMS = 6;

export async function importContract(
  context: CommandContext,
  submission: Submission,
): Promise<SubmissionEnd> {
  const read = readContractImport(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const { place, block, given } = read.value;
  const refuse = (message: string): SubmissionEnd => ({ kind: 'errors', errors: { [block]: message } });
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return refuse(resolved.message);
  const { id, name, tz } = resolved.person;
  const service = context.policy().services.get(place.service);
  if (service === undefined || !service.environments.includes(place.environment))
    return {
      kind: 'errors',
      errors: placeError('The policy does not have that place any more. Choose another.'),
    };
  const source = await sourceOf(context, given);
  if (!source.ok) return refuse(source.message);
  const understood = readContract(source.text);
  if (!understood.ok) return refuse(problemsWords(understood));
  const { kind, record } = await context.stores.contracts.import(
    { source: source.text, contract: understood.contract, ...place, by: { id, name } },
    context.clock.now(),
  );
  if (kind !== 'imported') return refuse(thereAlready(kind, record, tz));
  const channel = await postContract(context, record);
  return { kind: 'update', view: renderContractModal(record, importedWords(record, channel)) };
}

type Source = { ok: true; text: string } | { ok: false; message: string };

async function sourceOf(context: CommandContext, given: GivenContract['given']): Promise<Source> {
  if ('text' in given) return { ok: true, text: given.text };
  const loaded = await context.download(given.file, LIMITS.bytes);
  if (!loaded.ok) return loaded;
  const text = textOf(loaded.bytes);
  return text === undefined
    ? {
        ok: false,
        message: `${given.file.name} is not text in UTF-8: save it in that encoding, or paste it.`,
      }
    : { ok: true, text };
}

function problemsWords({ problems }: Extract<ReadContract, { ok: false }>): string {
  const lines = problems.slice(0, MAX_PROBLEMS).map(describeContractProblem);
  const left = problems.length - lines.length;
  return [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}

function thereAlready(kind: 'same' | 'other', { id, imported }: ContractRecord, zone: string): string {
  const who = `${imported.by.name} imported ${kind === 'same' ? 'it' : id} ${inZone(imported.at, zone)}`;
  return kind === 'same'
    ? `Already imported: ${who}. /deploy contract ${id} shows it.`
    : `There is another text with this id: ${who}. A new version of a contract has an id of its own.`;
}

function importedWords({ id }: ContractRecord, channel: string | undefined): string {
  return channel === undefined
    ? `The contract is in the record. Its message could not be posted, so those who accept it see it with \`/deploy contract ${id}\`.`
    : `The contract is in the record and in <#${channel}>, where it can be accepted.`;
}

/** The channel it is posted in; undefined where Slack did not take it: the record has it all the same. */
export async function postContract(
  context: CommandContext,
  record: ContractRecord,
): Promise<string | undefined> {
  const channel = context.policy().services.get(record.service)?.channel;
  if (channel === undefined) return undefined;
  try {
    const { ts } = await context.clients.outbound.chat.postMessage({
      channel,
      ...renderContractCard(record),
      unfurl_links: false,
      unfurl_media: false,
    });
    if (ts === undefined) throw new Error('Slack took a message and did not say when');
    await context.stores.contracts.posted(record.id, { channel, ts });
    return channel;
  } catch (error) {
    context.log.error(
      { err: error, contract: record.id, channel },
      'a contract could not be posted; the person was told',
    );
    return undefined;
  }
}
