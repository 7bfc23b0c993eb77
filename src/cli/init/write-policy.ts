/** The answers as the text of a gonogo.yml, with comments for whoever reads it next. */

import { stringify } from 'yaml';
import { BACKENDS } from '../../backends/index.ts';
import { METRICS } from '../../metrics/index.ts';
import type { Answers } from './answers.ts';

export function policyText(answers: Answers): string {
  const { preset, team, timeZone, service, channel, backend, metrics, roles, lead, onCall } = answers;
  return `# A team's policy. What it leaves out comes from the preset; docs/policy.md says what there is.
# gonogo check FILE says in sentences what it comes to, gonogo doctor FILE tries what it names.

preset: ${preset}
team: ${stringify(team).trim()}
time_zone: ${timeZone}

# Slack ids. A person's: in their profile, the menu ⋮ and "Copy member ID". A channel's: at the foot of its details.
# On a paid plan a role can also be a user group: { usergroup: "@ops" }.
roles:
${[...roles].map(([role, people]) => `  ${role}: [${people.join(', ')}]`).join('\n')}
  deployer: { name: Deployer, members: [${lead}] }

# Who may ask for a deployment, by role.
requesters: [${[...new Set(['deployer', ...roles.keys()])].join(', ')}]
${sharedRoles(roles)}
# What deploys and what measures, by names of your own. A secret is a reference: env:NAME or file:/path.
${adapter('backends', backend, BACKENDS.exampleOf(backend), service)}
${adapter('metrics', metrics, METRICS.exampleOf(metrics), service)}

services:
  ${service}:
    channel: ${channel}
    backend: ${backend}
    metrics: ${metrics}
    lead: ${lead}
    on_call: ${onCall}
`;
}

/** Before the example of its kind, what to do with it. */
function adapter(
  list: string,
  kind: string,
  example: Readonly<Record<string, unknown>>,
  service: string,
): string {
  const settings = { kind, ...forService(example, service) };
  const where =
    list === 'backends'
      ? `docs/backends/${kind}.md`
      : `docs/${kind === 'prometheus' ? 'metrics' : 'backends'}/${kind}.md`;
  const said =
    kind === 'simulator'
      ? '# Simulated, to try GoNoGo out: nothing real happens.'
      : `# An example: put your own in its place. See ${where}.`;
  return `${said}\n${stringify({ [list]: { [kind]: settings } }, { lineWidth: 110 }).trimEnd()}`;
}

/** The examples of the kinds are about checkout in production. */
function forService(example: Readonly<Record<string, unknown>>, service: string): Record<string, unknown> {
  const { services, ...rest } = example;
  if (services === undefined) return rest;
  const [first] = Object.values(services as Record<string, unknown>);
  return { ...rest, services: { [service]: first } };
}

/** Where an answer names one person in several roles, that must be said: else one person fills one role of a deployment. */
function sharedRoles(roles: Answers['roles']): string {
  const groups = rolesOfOnePerson(roles);
  if (groups.length === 0) return '';
  const lists = groups.map((group) => `[${group.join(', ')}]`).join(', ');
  return `
# The same people hold these roles, so one of them may answer for all of these. Take it out once others hold them.
sign_offs:
  one_person_may_fill: [${lists}]
`;
}

/** Roles that hang together by somebody who holds several. */
export function rolesOfOnePerson(roles: Answers['roles']): string[][] {
  let groups: { names: string[]; people: Set<string> }[] = [];
  for (const [role, people] of roles) {
    const joined = groups.filter((group) => people.some((person) => group.people.has(person)));
    const merged = {
      names: [...joined.flatMap(({ names }) => names), role],
      people: new Set([...joined.flatMap((group) => [...group.people]), ...people]),
    };
    groups = [...groups.filter((group) => !joined.includes(group)), merged];
  }
  return groups.map(({ names }) => names).filter((names) => names.length > 1);
}
