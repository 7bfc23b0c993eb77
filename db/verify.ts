/**
 * Reads the whole record as an auditor would (AU-3, AU-7): every event carries the hash of the one before, every row is
 * what its events say, every stream is what was sealed, and the seals lead to the checkpoint. What cannot be proven
 * with what was given is said, never passed over.
 */

import type { Kysely } from 'kysely';
import type { Proof, Verification, VerifiedRecord } from '../src/conductor/ports/verification.ts';
import type { Connection } from './connection.ts';
import type { Findings } from './findings.ts';
import type { Tables } from './schema.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyDeployments, verifyOne } from './verify-deployments.ts';
import { hasFigures, verifyFigures } from './verify-figures.ts';
import { verifyRows } from './verify-rows.ts';

/** So many are listed; a record with more is not mended by reading on. */
const MAX_PROBLEMS = 1_000;

/** In one snapshot: the bot may go on writing beside it. */
export function verifyEverything(connection: Connection, proof: Proof = {}): Promise<VerifiedRecord> {
  return connection.snapshot((db) => verifyIn(db, proof));
}

async function verifyIn(db: Kysely<Tables>, proof: Proof): Promise<VerifiedRecord> {
  const problems: VerifiedRecord['problems'] = [];
  let count = 0;
  const findings: Findings = {
    problem(where, problem) {
      count += 1;
      if (problems.length < MAX_PROBLEMS) problems.push({ where, problem });
    },
  };
  const chain = await verifyChain(db, proof, findings);
  const { deployments, events } = await verifyDeployments(db, findings);
  const rows = await verifyRows(db, findings);
  const unproven = [...chain.unproven, ...(await figures(db, proof, findings))];
  for (const [name, there] of Object.entries({ ...rows, deployment: deployments, event: events })) {
    const sealed = chain.counts[name] ?? 0;
    if (sealed !== there) findings.problem(`${name}s`, `${there} are there, and ${sealed} were sealed`);
  }
  return {
    deployments,
    events,
    checkpoint: chain.checkpoint,
    problems,
    ...(count > problems.length ? { more: count - problems.length } : {}),
    unproven,
  };
}

/** There are many of them, so they are read where somebody asks for that; what is not read is not proven. */
async function figures(db: Kysely<Tables>, proof: Proof, findings: Findings): Promise<string[]> {
  if (proof.figures === true) await verifyFigures(db, findings);
  else if (await hasFigures(db))
    return [
      'The figures of looks were not held against the digests that the record has of them (--figures).',
    ];
  return [];
}

/** One deployment by itself: its chain and its row. */
export function verifyDeployment(connection: Connection, id: string): Promise<Verification> {
  return connection.snapshot((db) => verifyOne(db, id));
}
