/** `gonogo init`: a few questions, and a gonogo.yml that `gonogo check` accepts (PR-7). */

import { existsSync, writeFileSync } from 'node:fs';
import { loadPolicy } from '../config/load-policy.ts';
import { readPresets } from '../config/presets.ts';
import { describeProblem } from '../config/problems.ts';
import { messageOf } from '../message-of.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import {
  type Answers,
  type Asked,
  peopleIn,
  type Question,
  questions,
  roleQuestion,
} from './init/answers.ts';
import { type Asking, createAsking, NoAnswer } from './init/ask.ts';
import { rolesToFill } from './init/roles.ts';
import { policyText, rolesOfOnePerson } from './init/write-policy.ts';

/** A flag that cannot be what it says; the message is for whoever typed it. */
class WrongFlag extends Error {
  override readonly name = 'WrongFlag';
}

/** Where an answer comes from: the flag, or `--yes`, or the person. */
type Answering = (question: Question, given: string | undefined) => Promise<string>;

const PRESETS = readPresets();
const QUESTIONS = questions(Object.keys(PRESETS));

/** A flag answers its question beforehand. */
function flagsOf(all: typeof QUESTIONS) {
  return Object.fromEntries(
    Object.values(all).map(({ flag, asks, usual }) => [
      flag,
      { type: 'string', takes: '…', says: `${asks} (${usual})` } as const,
    ]),
  );
}

export const init: CliCommand = cliCommand({
  forms: ['init [--out FILE] [--yes] [FLAGS]'],
  summary: 'write a policy file to begin with',
  options: {
    out: {
      type: 'string',
      default: 'gonogo.yml',
      takes: 'FILE',
      says: 'where it is written; a file that is there stays',
    },
    yes: { type: 'boolean', default: false, says: 'ask nothing: what no flag says is as usual' },
    ...flagsOf(QUESTIONS),
    role: {
      type: 'string',
      multiple: true,
      default: [] as string[],
      takes: 'ROLE=U…,U…',
      says: 'who signs off as that role, and again for each role',
    },
  },
  async run({ values, positionals }) {
    if (positionals.length > 0)
      return misused(init, `init takes no "${positionals.join(' ')}"; --out names the file`);
    const asking = values.yes ? undefined : createAsking(process.stdin, process.stdout);
    try {
      return await write(values.out, await answersFrom(values, asking), asking);
    } catch (error) {
      if (error instanceof WrongFlag) complain(`${error.message}\n\`gonogo init --help\` lists the flags.`);
      else if (error instanceof NoAnswer)
        complain('\nNothing was written: there was no answer. --yes asks nothing.');
      else throw error;
      return EXIT.usage;
    } finally {
      asking?.close();
    }
  },
});

type Flags = Partial<Record<string, string | boolean | string[]>> & { role: string[] };

async function answersFrom(flags: Flags, asking: Asking | undefined): Promise<Answers> {
  const one = (name: Asked): Promise<string> => {
    const given = flags[QUESTIONS[name].flag];
    return answering(asking)(QUESTIONS[name], typeof given === 'string' ? given : undefined);
  };
  const preset = await one('preset');
  const team = await one('team');
  const timeZone = await one('timeZone');
  const service = await one('service');
  const channel = await one('channel');
  const backend = await one('backend');
  const metrics = await one('metrics');
  const roles = await rolesFrom(rolesToFill(preset, PRESETS), flags.role, answering(asking));
  const lead = await one('lead');
  const onCall = await one('onCall');
  return { preset, team, timeZone, service, channel, backend, metrics, roles, lead, onCall };
}

function answering(asking: Asking | undefined): Answering {
  return async (question, given) => {
    if (given === undefined) return asking === undefined ? question.usual : asking.ask(question);
    const why = question.problem(given);
    if (why !== undefined) throw new WrongFlag(`--${question.flag}: ${why}.`);
    return given;
  };
}

async function rolesFrom(
  needed: readonly string[],
  flags: readonly string[],
  answer: Answering,
): Promise<Map<string, string[]>> {
  const given = new Map(flags.map(roleFlag));
  const stranger = [...given.keys()].find((role) => !needed.includes(role));
  if (stranger !== undefined)
    throw new WrongFlag(
      `--role: nobody waits for ${stranger} in this preset; it asks for ${needed.join(', ')}.`,
    );
  const roles = new Map<string, string[]>();
  for (const role of needed) roles.set(role, peopleIn(await answer(roleQuestion(role), given.get(role))));
  return roles;
}

function roleFlag(flag: string): [string, string] {
  const at = flag.indexOf('=');
  if (at < 1) throw new WrongFlag(`--role takes ROLE=U…,U…, not "${flag}".`);
  return [flag.slice(0, at), flag.slice(at + 1)];
}

async function write(file: string, answers: Answers, asking: Asking | undefined): Promise<number> {
  const text = policyText(answers);
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) {
    complain('Nothing was written: these answers do not make a policy.');
    for (const problem of loaded.problems) complain(`  ${describeProblem(problem)}`);
    return EXIT.config;
  }
  const replace = existsSync(file) && (await mayReplace(file, asking));
  try {
    // Where it may not be replaced the file system itself refuses, also one that came meanwhile.
    writeFileSync(file, text, { flag: replace ? 'w' : 'wx' });
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    complain(
      there
        ? `${file} is there already and stays as it is: move it away, or name another with --out.`
        : `${file} cannot be written: ${messageOf(error)}`,
    );
    return EXIT.cannotCreate;
  }
  say(`${file} is written. What next:`);
  for (const line of nextSteps(file, answers)) say(`  ${line}`);
  return EXIT.ok;
}

async function mayReplace(file: string, asking: Asking | undefined): Promise<boolean> {
  return (await asking?.confirm(`${file} is there already. Replace it?`)) ?? false;
}

function nextSteps(file: string, { backend, metrics, lead, roles }: Answers): string[] {
  const real = [...new Set([backend, metrics])].filter((kind) => kind !== 'simulator');
  return [
    ...(lead === QUESTIONS.lead.usual
      ? ['Put your own Slack ids in: the ones in it are of the Slack that runs on this machine.']
      : []),
    ...rolesOfOnePerson(roles).map(
      (names) => `One person may answer for ${names.join(' and ')} now, because the same people hold them.`,
    ),
    ...(real.length > 0
      ? [
          `Put your own settings of ${real.join(' and ')} in, for each environment: there is an example of production.`,
        ]
      : []),
    `gonogo check ${file}    says in sentences what it comes to`,
    `gonogo doctor ${file}   tries Slack, people, channels, backends and metrics, and says what to do`,
  ];
}
