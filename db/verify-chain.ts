/** The chain of seals: without a gap, through every published checkpoint that was given, to the one that the key sealed. */

import type { Selectable } from 'kysely';
import type { Proof } from '../src/conductor/ports/verification.ts';
import type { Findings } from './findings.ts';
import { CHAIN_BEGINS, chainHash, keyId, macOf, published } from './hash-chain.ts';
import type { CheckpointTable, Db, SealsTable } from './schema.ts';
import type { Counts } from './seal.ts';
import { yieldToOthers } from './yield-to-others.ts';

type Checkpoint = Selectable<CheckpointTable>;

const PAGE = 2_000;

export interface VerifiedChain {
  checkpoint: string;
  counts: Record<string, number>;
  unproven: string[];
}

export async function verifyChain(db: Db, proof: Proof, findings: Findings): Promise<VerifiedChain> {
  const checkpoint = await db.selectFrom('checkpoint').selectAll().where('id', '=', 1).executeTakeFirst();
  if (checkpoint === undefined) {
    findings.problem('checkpoint', 'it is missing');
    return { checkpoint: '0-', counts: {}, unproven: [] };
  }
  const walk = await walkSeals(db, proof.heads ?? [], findings);
  if (checkpoint.number !== walk.number)
    findings.problem('checkpoint', `it stands on seal ${checkpoint.number} of ${walk.number}`);
  else if (checkpoint.hash !== walk.hash)
    findings.problem('checkpoint', 'the seals before it are not those that led to it');
  judgeKey(checkpoint, proof, walk.keys, findings);
  return {
    checkpoint: published(checkpoint),
    counts: countsOf(checkpoint, findings),
    unproven: unproven(checkpoint, proof, walk.keys, walk.newestHead),
  };
}

interface Walk {
  number: number;
  hash: string;
  keys: KeyHistory;
  /** The newest of the checkpoints that were given and that fit. */
  newestHead: number | undefined;
}

/** What the seals of the stream `key` say. */
interface KeyHistory {
  keyed: boolean;
  /** Since when a key has sealed without a break. */
  from: number | undefined;
}

async function walkSeals(db: Db, heads: readonly string[], findings: Findings): Promise<Walk> {
  const walk: Walk = {
    number: 0,
    hash: CHAIN_BEGINS,
    keys: { keyed: false, from: undefined },
    newestHead: undefined,
  };
  const expected = new Map(heads.map((head) => [Number(head.split('-')[0]), head]));
  const checkHead = (): void => {
    const head = expected.get(walk.number);
    if (head === undefined) return;
    expected.delete(walk.number);
    if (published(walk) === head) walk.newestHead = walk.number;
    else findings.problem(`checkpoint ${head}`, 'the record as far as there is another one');
  };
  checkHead();
  for (;;) {
    const page = await sealsAfter(db, walk.number);
    for (const row of page) {
      if (row.number !== walk.number + 1) {
        findings.problem(`seal ${walk.number + 1}`, 'it is missing');
        return walk;
      }
      walk.number = row.number;
      walk.hash = chainHash(walk.hash, row);
      if (row.stream === 'key') followKey(walk.keys, row, findings);
      checkHead();
    }
    if (page.length < PAGE) break;
    await yieldToOthers();
  }
  for (const head of expected.values())
    findings.problem(
      `checkpoint ${head}`,
      `the record ends before it, at ${walk.number}: this is an old copy, or its end was cut off`,
    );
  return walk;
}

const sealsAfter = (db: Db, number: number): Promise<SealsTable[]> =>
  db.selectFrom('seals').selectAll().where('number', '>', number).orderBy('number').limit(PAGE).execute();

function followKey(keys: KeyHistory, { subject, number }: SealsTable, findings: Findings): void {
  const broken = subject === 'misfit' || (subject === 'begins' && keys.keyed);
  if (broken)
    findings.problem(
      `seal ${number}`,
      'the checkpoint before it did not fit the key: it was changed past GoNoGo, or sealed with a key that was not given then',
    );
  if (subject === 'ends') {
    keys.keyed = false;
    keys.from = undefined;
  } else if (subject !== 'changes') {
    keys.keyed = true;
    keys.from = number;
  }
}

function judgeKey(
  checkpoint: Checkpoint,
  { keys = [] }: Proof,
  history: KeyHistory,
  findings: Findings,
): void {
  if (keys.length === 0) return;
  if (checkpoint.mac === null) {
    findings.problem('checkpoint', 'no key sealed it, though a key was given');
    return;
  }
  if (!keys.some((key) => checkpoint.mac === macOf(key, checkpoint)))
    findings.problem('checkpoint', `it does not fit the key that was given (${keys.map(keyId).join(', ')})`);
  else if (!history.keyed)
    findings.problem('checkpoint', 'it is sealed with a key of which no seal says when it began');
}

function countsOf(checkpoint: Checkpoint, findings: Findings): Record<string, number> {
  try {
    const counts: unknown = JSON.parse(checkpoint.counts);
    if (typeof counts === 'object' && counts !== null) return counts as Counts & Record<string, number>;
  } catch {
    // Said below: it is what somebody else wrote.
  }
  findings.problem('checkpoint', 'its counts cannot be read');
  return {};
}

function unproven(
  { mac, key_id, number }: Checkpoint,
  { keys = [], heads = [] }: Proof,
  history: KeyHistory,
  newestHead: number | undefined,
): string[] {
  const said: string[] = [];
  const keyed = mac !== null && keys.length > 0;
  if (mac === null)
    said.push(
      'No key seals this record (GONOGO_RECORD_KEY): whoever may write the file can compute every hash anew.',
    );
  else if (keys.length === 0)
    said.push(
      `The key that seals this record (${key_id}) was not given (GONOGO_RECORD_KEY): whoever may write the file could have computed every hash anew.`,
    );
  else if ((history.from ?? 1) > 1)
    said.push(
      `The key has sealed since checkpoint ${history.from}: what is older is proven from there on only.`,
    );
  if (heads.length === 0)
    said.push(
      `No published checkpoint was given (--head): ${keyed ? 'an old copy of the whole file' : 'an old copy, or a record written anew'} would look the same.`,
    );
  else if (newestHead !== undefined && newestHead < number && !keyed)
    said.push(
      `What came after checkpoint ${newestHead} is proven by no published checkpoint that was given.`,
    );
  return said;
}
