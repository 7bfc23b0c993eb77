/** How long one input holds the event loop, and with it everybody else: nothing may for more than 50 ms (OP-9). */

import { findServices } from '../src/alerts/find-services.ts';
import { readAlert } from '../src/alerts/read-message.ts';
import { createLivePolicy } from '../src/config/live-policy.ts';
import { nearest } from '../src/config/nearest.ts';
import { readPresets } from '../src/config/presets.ts';
import { LIMITS } from '../src/contract/contract.ts';
import { readContract } from '../src/contract/read-contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { asWritten } from '../src/words/as-written.ts';
import { readMoment } from '../src/words/moment.ts';
import type { Names } from '../src/words/names.ts';
import { readPeriod } from '../src/words/period.ts';
import { readSubject } from '../src/words/subject.ts';
import { readWanted } from '../src/words/wanted.ts';
import { PEOPLE } from '../test/conductor/rig.ts';
import { WHOLE } from '../test/contract/documents.ts';
import { item, needs } from '../test/deployment/readiness-builders.ts';
import { deploymentIn } from '../test/views/deployments.ts';
import { renderChecklistModal } from '../views/checklist-modal.ts';
import { renderContractCard } from '../views/contract-card.ts';
import { renderContractModal } from '../views/contract-modal.ts';
import { underTheLongestFreeze } from './dry-run.ts';
import { type Hold, longestHold } from './heartbeat.ts';
import {
  fullestContract,
  longAlerts,
  longCommands,
  longContracts,
  pastedContract,
  type Texts,
  wrongPolicies,
} from './hold-texts.ts';
import { largePolicy, largePolicyText } from './large-policy.ts';
import { fixed, median, printTable } from './table.ts';

const AT_MOST_MS = 50;
const TIMES = 5;
/** How long nothing at all is done, to see what the machine itself does. */
const CALM_MS = 500;
const NOW = Date.UTC(2026, 0, 5, 10);
const MAX_COMMAND = 4_000;
/** Three fields of a form. */
const PASTED = 9_000;

interface Case {
  what: string;
  /** What is done, by the name of what is given: the worst of them counts. */
  given: Readonly<Record<string, () => unknown>>;
}

interface Held {
  of: string;
  /** Nothing of it was done before, and some code was read for the first time. */
  first: Hold;
  later: Hold[];
}

const missed: string[] = [];

export async function benchHold(): Promise<void> {
  const dryRun = await underTheLongestFreeze();
  const rows: string[][] = [];
  try {
    for (const one of casesWith(dryRun.run)) rows.push(row(one.what, await worstOf(one)));
  } finally {
    await dryRun.close();
  }
  const calm = await longestHold(() => new Promise((resolve) => setTimeout(resolve, CALM_MS)));
  printTable(
    `The longest time that one input holds the event loop, of ${TIMES} times (Node ${process.versions.node})`,
    ['input', 'the worst', 'CPU, first time', 'CPU, median', 'target', 'longest by the clock'],
    [...rows, ['nothing: what the machine does of its own', '', ms(calm.cpu), '', '', ms(calm.clock)]],
  );
  process.stdout.write(
    missed.length === 0 ? '\nEvery target is met.\n' : `\nMISSED:\n${missed.join('\n')}\n`,
  );
  if (missed.length > 0) process.exitCode = 1;
}

async function worstOf({ given }: Case): Promise<Held> {
  const all: Held[] = [];
  for (const [of, work] of Object.entries(given)) {
    const first = await longestHold(work);
    const later: Hold[] = [];
    // What takes a second is known well enough.
    for (let time = 0; time < (first.clock > 1_000 ? 1 : TIMES); time += 1)
      later.push(await longestHold(work));
    all.push({ of, first, later });
  }
  const by = ({ first, later }: Held): number => Math.max(first.cpu, middleOf(later));
  const [worst] = all.toSorted((a, b) => by(b) - by(a));
  if (worst === undefined) throw new Error('nothing was given');
  return worst;
}

function row(what: string, { of, first, later }: Held): string[] {
  const middle = middleOf(later);
  if (!(middle <= AT_MOST_MS)) missed.push(`${what}, ${of}: ${ms(middle)}, at most ${AT_MOST_MS} ms`);
  const clock = Math.max(...[first, ...later].map((hold) => hold.clock));
  return [what, of, ms(first.cpu), ms(middle), `≤ ${AT_MOST_MS} ms`, ms(clock)];
}

const middleOf = (holds: readonly Hold[]): number => median(holds.map(({ cpu }) => cpu));

const ms = (value: number): string => `${fixed(value, 1)} ms`;

function casesWith(dryRun: () => Promise<unknown>): Case[] {
  const policy = largePolicy();
  const { names, catalogue } = known();
  const reload = reloading();
  const each = (texts: Texts, read: (text: string) => unknown): Case['given'] =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, () => read(text)]));
  const commands = longCommands(MAX_COMMAND);
  const asked = { zone: 'Europe/Berlin', now: NOW };
  const lines = largePolicyText().split('\n').length.toLocaleString('en-US');
  return [
    { what: 'a dry run under a freeze of two years', given: { 'nine environments, forty services': dryRun } },
    { what: `gonogo.yml of ${lines} lines, reloaded`, given: { 'forty services': reload.another } },
    { what: 'gonogo.yml, refused', given: each(wrongPolicies(), reload.refused) },
    {
      what: `a contract of ${LIMITS.bytes / 1024} KiB, read`,
      given: each(longContracts(), readContract),
    },
    {
      what: 'a contract, read and drawn',
      given: each(
        {
          [`${LIMITS.checklist} items in ${LIMITS.bytes / 1024} KiB`]: fullestContract(),
          [`${PASTED} characters, pasted`]: pastedContract(WHOLE, PASTED),
        },
        importing,
      ),
    },
    {
      what: 'an alert with 50 long attachments',
      given: Object.fromEntries(
        Object.entries(longAlerts()).map(([name, message]) => [
          name,
          () => {
            const alert = readAlert(message);
            return alert && findServices(alert, 'C0ALERTS005', catalogue);
          },
        ]),
      ),
    },
    {
      what: `/deploy with ${MAX_COMMAND} characters`,
      given: each(commands, (text) => {
        const { when, unknown } = readWanted(asWritten(text), names, () => undefined);
        return [readMoment(when, asked), nearest(unknown?.word ?? when, names.services.keys())];
      }),
    },
    {
      what: `/deploy freeze with ${MAX_COMMAND} characters`,
      given: each(commands, (text) => readPeriod(asWritten(text), asked)),
    },
    {
      what: `/deploy rollback with ${MAX_COMMAND} characters`,
      given: each(commands, (text) => readSubject(asWritten(text), names)),
    },
    { what: 'a checklist, drawn', given: { '400 items with the longest texts': checklist() } },
  ];

  function known(): { names: Names; catalogue: Parameters<typeof findServices>[2] } {
    const services = [...policy.services.values()];
    return {
      names: {
        services: new Map(services.map(({ name, environments }) => [name, environments])),
        environments: policy.environments,
      },
      catalogue: { services, alerts: policy.alerts },
    };
  }
}

/** As the running bot reads its file when it has changed; another one each time. */
function reloading(): { another(): Promise<void>; refused(text: string): Promise<void> } {
  let text = largePolicyText();
  let times = 0;
  const live = createLivePolicy({ read: () => text, presets: readPresets(), prepare: () => undefined });
  const reload = async (newer: string, kind: 'taken' | 'refused'): Promise<void> => {
    text = newer;
    const reloaded = await live.reload();
    if (reloaded.kind !== kind) throw new Error(JSON.stringify(reloaded));
  };
  const number = (): number => {
    times += 1;
    return times;
  };
  return {
    another: () => reload(largePolicyText(`Bench ${number()}`), 'taken'),
    refused: (bomb) => reload(`# ${number()}\n${bomb}`, 'refused'),
  };
}

function importing(source: string): unknown {
  const read = readContract(source);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const record: ContractRecord = {
    id: read.contract.id,
    contract: read.contract,
    sha256: '',
    service: 'checkout',
    environment: 'production',
    imported: { by: PEOPLE.dana, at: NOW },
  };
  return [renderContractCard(record), renderContractModal(record)];
}

function checklist(): () => unknown {
  const items = Array.from({ length: 400 }, (_, index) =>
    item(`item_${index}`, {
      text: `${'&<>'.repeat(49)} ${index}`,
      before: index % 5 === 0 ? 'hand_over' : 'start',
    }),
  );
  const deployment = deploymentIn('preparing', { requirements: needs({ checklist: items }) });
  const actor = { kind: 'person', person: PEOPLE.tom, roles: ['tech_lead'] } as const;
  return () => renderChecklistModal(deployment, { actor, zone: 'Europe/Berlin', now: NOW });
}
