/** `gonogo judge --deployment D-1042` or `--last 30d`: which verdicts other settings would have given, and when. It opens to read only. */

import { readFileSync } from 'node:fs';
import type { RecordReader } from '../../../db/open.ts';
import { replayLines } from '../../../views/replay-words.ts';
import { oneLine, utc } from '../../../views/text.ts';
import { safeguardsOf } from '../../conductor/plan-request.ts';
import { DURATION_PATTERN, parseDuration } from '../../config/durations.ts';
import { loadPolicy } from '../../config/load-policy.ts';
import { readPresets } from '../../config/presets.ts';
import { describeProblem } from '../../config/problems.ts';
import { defined, given } from '../../defined.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import { type Replay, replayLooks } from '../../deployment/rollout/replay.ts';
import { messageOf } from '../../message-of.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Instant } from '../../time.ts';
import { complain, EXIT, say } from '../command.ts';
import { withRecord } from '../with-record.ts';

interface Asked {
  deployment?: string | undefined;
  last?: string | undefined;
  config: string;
  db?: string | undefined;
  json: boolean;
}

const PAGE = 50;

/** 0 where all could be judged again, whatever came of it. */
export async function judgeDeployments(asked: Asked): Promise<number> {
  if (asked.last !== undefined && !(asked.last !== '' && DURATION_PATTERN.test(asked.last))) {
    complain(`--last takes a duration, 30d or 12h, not "${asked.last}".`);
    return EXIT.usage;
  }
  const policy = policyIn(asked.config);
  if (policy === undefined) return EXIT.config;
  return withRecord(asked.db, (record) =>
    asked.deployment === undefined
      ? judgeThose(record, policy, asked, Date.now() - parseDuration(asked.last ?? '0s'))
      : judgeOne(record, policy, asked, asked.deployment),
  );
}

function policyIn(file: string): Policy | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    complain(`${file} cannot be read: ${messageOf(error)}. --config names the policy to judge under.`);
    return undefined;
  }
  const loaded = loadPolicy(text, readPresets());
  if (loaded.ok) return loaded.policy;
  complain(`${file} is not a policy:`);
  for (const problem of loaded.problems) complain(`  ${describeProblem(problem)}`);
  return undefined;
}

async function judgeOne(record: RecordReader, policy: Policy, asked: Asked, id: string): Promise<number> {
  const deployment = await record.events.load(id.toUpperCase());
  if (deployment === undefined) {
    complain(`There is no deployment ${id} in the record.`);
    return EXIT.badData;
  }
  await judgeAndSay(record, policy, asked, deployment);
  return EXIT.ok;
}

/** Those that started since then, newest first, however long before that they were asked for. */
async function judgeThose(
  record: RecordReader,
  policy: Policy,
  asked: Asked,
  since: Instant,
): Promise<number> {
  let [all, differing] = [0, 0];
  const started = { from: since, until: Number.MAX_SAFE_INTEGER, limit: PAGE };
  for (let after: { startedAt: Instant; id: string } | undefined; ; ) {
    const page = await record.events.started({ ...started, ...defined({ after }) });
    for (const { deployment, startedAt } of page) {
      const { differences } = await judgeAndSay(record, policy, asked, deployment);
      all += 1;
      differing += differences.length > 0 ? 1 : 0;
      after = { startedAt, id: deployment.id };
    }
    if (page.length < PAGE) break;
  }
  if (!asked.json)
    say(
      all === 0
        ? `No deployment started in the last ${asked.last}.`
        : `${differing} of ${all} deployments would have had another verdict at some look.`,
    );
  return EXIT.ok;
}

async function judgeAndSay(
  record: RecordReader,
  policy: Policy,
  { json }: Asked,
  deployment: Deployment,
): Promise<Replay> {
  const { id, status } = deployment;
  const { service, environment, version } = deployment.terms.envelope;
  const known = policy.services.has(service);
  const { judge } = known ? safeguardsOf(policy, { service, environment }) : deployment.terms.safeguards;
  const [events, looks] = await Promise.all([record.events.events(id), record.events.looks(id)]);
  const replay = replayLooks(events, looks, judge);
  if (json) {
    say(JSON.stringify({ deployment: id, service, environment, version, status, ...inIso(replay) }));
    return replay;
  }
  say(`${id} ${service} ${version} to ${environment} (${status.replaceAll('_', ' ')})`);
  for (const line of replayLines(replay, { time: utc, words: oneLine })) say(`  ${line}`);
  return replay;
}

const iso = (at: Instant): string => new Date(at).toISOString();

function inIso({ rolledBack, wouldRollBack, differences, ...rest }: Replay) {
  return {
    ...rest,
    ...defined({ rolledBack: given(rolledBack, iso), wouldRollBack: given(wouldRollBack, iso) }),
    differences: differences.map(({ from, to, ...more }) => ({ from: iso(from), to: iso(to), ...more })),
  };
}
