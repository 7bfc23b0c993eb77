/** The policy about people and their time in sentences: who is told when, and from when a rollout takes too long. */

import { hoursWords } from '../../../views/contact-words.ts';
import { duration, listOf } from '../../../views/text.ts';
import type { Policy } from '../../policy/policy.ts';

export function explainPeople(policy: Policy): string[] {
  return [
    ...hoursOfPeople(policy),
    ...escalationWords(policy),
    ...overrunWords(policy),
    ...noticeWords(policy),
  ];
}

/** That there is a phone, and never which: this is printed and pasted. */
function hoursOfPeople({ people }: Policy): string[] {
  const known = [...people].flatMap(([id, { hours, phone }]) => {
    const parts = [
      ...(hours === undefined ? [] : [`there ${hoursWords(hours)}`]),
      ...(phone === undefined ? [] : ['reached by phone']),
    ];
    return parts.length === 0 ? [] : [`${id} (${parts.join(', ')})`];
  });
  return known.length === 0 ? [] : [`Contacts: ${listOf(known, 'and', 50)}.`];
}

function escalationWords({ services }: Policy): string[] {
  const named = [...services.values()].flatMap(({ name, escalation }) =>
    escalation === undefined ? [] : [`${escalation} for ${name}`],
  );
  return named.length === 0 ? [] : [`A rollout that runs over escalates to ${listOf(named, 'and', 50)}.`];
}

function overrunWords({ safeguards: { overrun } }: Policy): string[] {
  if (overrun === undefined) return [];
  const late =
    overrun.within === undefined
      ? `${duration(overrun.grace)} after the time that its plan takes`
      : `${duration(overrun.within)} after its start`;
  const then =
    overrun.escalateAfter === undefined
      ? ''
      : `, and the escalation ${duration(overrun.escalateAfter)} after them`;
  return [
    `Where a rollout is not through ${late}, or when its window closes, its lead and on-call are told${then}; nothing goes back because of the time.`,
  ];
}

function noticeWords({ communication, environments }: Policy): string[] {
  const where = environments.filter(({ approval }) => approval === 'manual').map(({ id }) => id);
  if (communication === undefined || where.length === 0) return [];
  return [
    `A start in ${listOf(where, 'and', 20)} is meant to be known ${duration(communication.notice)} ahead; a nearer one says so.`,
  ];
}
