/** What `gonogo init` has to know, what it takes where nobody says, and what is no answer. */

import { BACKENDS } from '../../backends/index.ts';
import { SERVICE_NAME } from '../../config/schema-words.ts';
import { METRICS } from '../../metrics/index.ts';

export interface Answers {
  preset: string;
  team: string;
  timeZone: string;
  service: string;
  channel: string;
  backend: string;
  metrics: string;
  /** Slack member ids by role: who signs off. */
  roles: ReadonlyMap<string, readonly string[]>;
  lead: string;
  onCall: string;
}

/** What is asked for by one word; roles are asked for one by one, since the preset says which there are. */
export type Asked = Exclude<keyof Answers, 'roles'>;

export interface Question {
  flag: string;
  asks: string;
  /** Taken where nobody says: the ids are those of the Slack that runs on this machine. */
  usual: string;
  /** Why this is no answer; undefined where it is one. */
  problem(answer: string): string | undefined;
}

const PERSON = /^[UW][A-Z0-9]{6,20}$/;

const oneOf =
  (known: readonly string[]) =>
  (answer: string): string | undefined =>
    known.includes(answer) ? undefined : `there is no "${answer}"; there are: ${known.join(', ')}`;

const matches =
  (pattern: RegExp, what: string) =>
  (answer: string): string | undefined =>
    pattern.test(answer) ? undefined : `"${answer}" is not ${what}`;

const personProblem = matches(
  PERSON,
  'a Slack member id such as U012AB3CDE4 (in a profile: ⋮, "Copy member ID")',
);

function zoneProblem(answer: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: answer }) && undefined;
  } catch {
    return `"${answer}" is no time zone such as "Europe/Berlin"`;
  }
}

export function questions(presets: readonly string[]): Record<Asked, Question> {
  return {
    preset: {
      flag: 'preset',
      asks: `The preset, which says who must agree to what: ${presets.join(', ')}`,
      usual: 'gold-standard',
      problem: oneOf(presets),
    },
    team: {
      flag: 'team',
      asks: 'The name of the team',
      usual: 'Our team',
      problem: matches(/^(?=.*\S)[^\n\r`]{1,60}$/, '1 to 60 characters without backticks'),
    },
    timeZone: {
      flag: 'time-zone',
      asks: 'Its time zone',
      usual: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      problem: zoneProblem,
    },
    service: {
      flag: 'service',
      asks: 'The first service to deploy',
      usual: 'checkout',
      problem: matches(
        SERVICE_NAME,
        'a name of letters, digits, and ".", "_", "/" or "-" between them, at most 60, a letter first',
      ),
    },
    channel: {
      flag: 'channel',
      asks: "Its Slack channel, by id (at the foot of the channel's details)",
      usual: 'C0CHECKOUT2',
      problem: matches(/^[CG][A-Z0-9]{6,20}$/, 'the id of a Slack channel such as C012AB3CDE4'),
    },
    backend: {
      flag: 'backend',
      asks: `What deploys it: ${BACKENDS.kinds.join(', ')}`,
      usual: 'simulator',
      problem: oneOf(BACKENDS.kinds),
    },
    metrics: {
      flag: 'metrics',
      asks: `What measures it: ${METRICS.kinds.join(', ')}`,
      usual: 'simulator',
      problem: oneOf(METRICS.kinds),
    },
    lead: { flag: 'lead', asks: 'Who leads it, by member id', usual: 'U0DANA00001', problem: personProblem },
    onCall: { flag: 'on-call', asks: 'Who is on call for it', usual: 'U0OMAR00004', problem: personProblem },
  };
}

/** Nobody of them signs twice: one person fills one role of a deployment. */
const USUAL_OF_ROLE: Readonly<Record<string, string>> = {
  tech_lead: 'U0TOM000002',
  security: 'U0SANA00003',
  operations: 'U0OMAR00004',
  sre: 'U0OMAR00004',
};

export function roleQuestion(role: string): Question {
  return {
    flag: `role ${role}=…`,
    asks: `Who is ${role.replaceAll('_', ' ')}, by member ids with commas between`,
    usual: USUAL_OF_ROLE[role] ?? 'U0PRIYA0005',
    problem: (answer) => peopleIn(answer).map(personProblem).find(Boolean) ?? emptyProblem(answer),
  };
}

function emptyProblem(answer: string): string | undefined {
  return peopleIn(answer).length > 0
    ? undefined
    : 'at least one person is needed: a sign-off waits for this role';
}

export function peopleIn(answer: string): string[] {
  return answer
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}
