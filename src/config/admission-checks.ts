/** Who decides: roles and services that lead nowhere, and changes that nobody would be asked about or could ever approve. */

import { own } from '../defined.ts';
import { concerns } from '../policy/concerned.ts';
import { DATABASE_CHANGES, DEPLOYMENT_TYPES, RISKS } from '../terms/change.ts';
import { namedRoles, signOffOf } from './any-of.ts';
import { checkFilled } from './approval-checks.ts';
import { when } from './build-readiness.ts';
import type { RoleSettings, Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import { ANYONE } from './schema-words.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;
type SignOffs = NonNullable<NonNullable<Settings['environments'][string]>['sign_offs']>;

/** The service's, or the deployment's, own on-call stands beside the roles of the file. */
const ON_CALL = 'on_call';

export function checkAdmission(settings: Settings, report: Report): void {
  checkPreApprovals(settings, report);
  const known = [ON_CALL, ...namedRoles(settings)];
  for (const [type, terms] of Object.entries(settings.change_types))
    terms?.declared_by?.forEach((role, index) => {
      checkWord(['change_types', type, 'declared_by', index], role, known, report);
    });
  checkSigners(settings, report);
  checkTickers(settings, known, report);
  checkApprovable(settings, report);
}

function checkPreApprovals(settings: Settings, report: Report): void {
  const { pre_approved: rules = [], services, roles, change_types: types } = settings;
  rules.forEach((rule, index) => {
    const path = ['pre_approved', index];
    rule.services.forEach((service, at) => {
      checkWord([...path, 'services', at], service, Object.keys(services), report);
    });
    rule.requested_by.forEach((role, at) => {
      checkFilled([...path, 'requested_by', at], role, roles, report);
    });
  });
  if (rules.length > 0 && Object.values(types).every((terms) => terms?.approval !== 'none'))
    report(
      ['pre_approved'],
      `rules, where change_types.standard has the approval ${types.standard?.approval ?? 'of no preset'}`,
      'change_types: { standard: { approval: none } } beside them, or no rules',
    );
}

function checkSigners({ sign_offs: care = {}, roles }: Settings, report: Report): void {
  const known = namedRoles({ roles });
  care.one_person_may_fill?.forEach((group, index) => {
    group.forEach((role, at) => {
      checkWord(['sign_offs', 'one_person_may_fill', index, at], role, known, report);
    });
  });
  for (const what of ['risk', 'database'] as const)
    care.asked_again?.[what]?.forEach((role, index) => {
      checkWord(['sign_offs', 'asked_again', what, index], role, known, report);
    });
}

/** An item waits for somebody: of the roles it names, one at least must have people. */
function checkTickers(
  { checklist = {}, environments, roles }: Settings,
  known: readonly string[],
  report: Report,
): void {
  const used = new Set(
    Object.values(environments).flatMap((place) =>
      place?.approval === 'manual' ? (place.checklist ?? []) : [],
    ),
  );
  for (const [id, item] of Object.entries(checklist)) {
    if (item === false || item.by === undefined) continue;
    const path = ['checklist', id, 'by'];
    item.by.forEach((role, index) => {
      checkWord([...path, index], role, known, report);
    });
    if (item.roles !== undefined)
      report(path, 'by beside roles', 'by: one of them ticks it, or roles: each of them does');
    const waits = item.required !== false && item.group !== undefined && used.has(item.group);
    const somebody = item.by.some((role) => role === ON_CALL || !isEmpty(own(roles, role)));
    if (waits && !somebody)
      report(['roles', item.by[0] ?? id], 'nobody', `at least one person: the item ${id} waits for them`);
  }
}

/** Where approvals are manual, every change has somebody to ask, and enough different people to ask. */
function checkApprovable(settings: Settings, report: Report): void {
  const { environments, change_types: types } = settings;
  for (const [id, place] of Object.entries(environments)) {
    const signOffs = place?.sign_offs ?? [];
    if (place?.approval !== 'manual' || signOffs.length === 0) continue;
    const path = ['environments', id, 'sign_offs'];
    const changes = Object.entries(types).flatMap(([type, terms]) =>
      terms?.approval === 'none'
        ? []
        : changesOf([...signOffs, ...(terms?.sign_offs ?? [])]).map(({ words, needed }) => ({
            words: `${type} changes that bring ${words}`,
            needed,
          })),
    );
    const unasked = changes.find(({ needed }) => needed.length === 0);
    if (unasked !== undefined)
      report(path, `nobody to ask about ${unasked.words}`, 'at least one role for every deployment type');
    const short = changes.find(({ needed }) => !hasEnough(settings, needed));
    if (short !== undefined) report(path, ...tooFew(settings, { id, ...short }));
  }
}

interface Needed {
  role: string;
  quorum: number;
}

/** Every kind of change that these tell apart, and whom it needs. */
function changesOf(entries: SignOffs): { words: string; needed: Needed[] }[] {
  const rules = entries.map(signOffOf);
  const risks = rules.some(({ when: own }) => own?.risks) ? RISKS : [undefined];
  const databases = rules.some(({ when: own }) => own?.databases) ? DATABASE_CHANGES : [undefined];
  return DEPLOYMENT_TYPES.flatMap((deploymentType) =>
    risks.flatMap((risk) =>
      databases.map((database) => ({
        words: [
          deploymentType,
          ...(risk === undefined ? [] : [`a ${risk} risk`]),
          ...(database === undefined ? [] : [`database changes: ${database}`]),
        ].join(' with '),
        needed: neededFor(rules, { deploymentType, risk: risk ?? 'low', database: database ?? 'none' }),
      })),
    ),
  );
}

function neededFor(
  rules: readonly ReturnType<typeof signOffOf>[],
  change: Parameters<typeof concerns>[1],
): Needed[] {
  const quorums = new Map<string, number>();
  for (const { role, quorum, ...own } of rules)
    if (concerns(when(own).when ?? {}, change)) quorums.set(role, Math.max(quorum, quorums.get(role) ?? 0));
  return [...quorums].map(([role, quorum]) => ({ role, quorum }));
}

/** Whether somebody can ask for it and find everybody who must say go: nobody signs what they asked for (CH-6). */
function hasEnough(settings: Settings, needed: readonly Needed[]): boolean {
  const asking = whoAsk(settings);
  return asking === undefined
    ? canBeFilled(settings, needed)
    : asking.some((person) => canBeFilled(settings, needed, person));
}

/** Undefined where the file does not name them all: anyone may ask, or whoever is in a user group. */
function whoAsk({ requesters = [], roles }: Settings): string[] | undefined {
  const asking = requesters.map((role) => own(roles, role));
  const isOpen = requesters.includes(ANYONE) || asking.some((role) => role?.usergroup !== undefined);
  const people = asking.flatMap((role) => role?.members ?? []);
  return isOpen || people.length === 0 ? undefined : [...new Set(people)];
}

/** In figures where the file names too few people altogether; else some of them would have to fill two roles. */
function tooFew(
  settings: Settings,
  { id, words, needed }: { id: string; words: string; needed: readonly Needed[] },
): [found: string, allowed: string] {
  const sign = seatsOf(settings, needed);
  const there = new Set([
    ...needed.flatMap(({ role }) => own(settings.roles, role)?.members ?? []),
    ...(whoAsk(settings) ?? []),
  ]).size;
  const inGroups = needed.some(({ role }) => own(settings.roles, role)?.usergroup !== undefined);
  const enough = 'or those roles in sign_offs.one_person_may_fill, or the preset small-team';
  return there < sign + 1 && !inGroups
    ? [
        `${there} ${there === 1 ? 'person' : 'people'} for ${words}`,
        `${sign + 1} different people, for ${id} needs ${sign} who say go and one more who asks; ${enough}`,
      ]
    : [
        `too few people for ${words}, where one person fills one role and nobody signs what they asked for`,
        `as many different people as roles, ${enough}`,
      ];
}

/** Roles that one person may fill together count once. */
function seatsOf({ sign_offs: care }: Settings, needed: readonly Needed[]): number {
  const together = care?.one_person_may_fill ?? [];
  const seats = new Map<string, number>();
  for (const { role, quorum } of needed) {
    const group = together.findIndex((roles) => roles.includes(role));
    const key = group < 0 ? role : `group ${group}`;
    seats.set(key, Math.max(quorum, seats.get(key) ?? 0));
  }
  return [...seats.values()].reduce((sum, count) => sum + count, 0);
}

/** Whoever is in a user group is not known here: such roles are taken to have their own people. */
function canBeFilled(
  { roles, sign_offs: care }: Settings,
  needed: readonly Needed[],
  without?: string,
): boolean {
  const together = care?.one_person_may_fill ?? [];
  const seats = needed.flatMap(({ role, quorum }) => {
    const { members = [], usergroup } = own(roles, role) ?? {};
    const shared = together.some((group) => group.includes(role));
    // Fewer people than the quorum, or nobody at all, is reported where the role is named.
    const open = usergroup !== undefined || shared || members.length < quorum;
    return open ? [] : Array.from({ length: quorum }, () => members.filter((person) => person !== without));
  });
  return haveSeatEach(seats);
}

/** Whether each seat finds a person of its own: Kuhn's augmenting paths, over a handful of seats. */
function haveSeatEach(seats: readonly (readonly string[])[]): boolean {
  const seatOf = new Map<string, number>();
  const place = (seat: number, tried: Set<string>): boolean =>
    (seats[seat] ?? []).some((person) => {
      if (tried.has(person)) return false;
      tried.add(person);
      const held = seatOf.get(person);
      if (held !== undefined && !place(held, tried)) return false;
      seatOf.set(person, seat);
      return true;
    });
  return seats.every((_, seat) => place(seat, new Set()));
}

function isEmpty(role: RoleSettings | undefined): boolean {
  return role === undefined || ((role.members ?? []).length === 0 && role.usergroup === undefined);
}

function checkWord(path: Path, word: string, known: readonly string[], report: Report): void {
  if (!known.includes(word)) report(path, show(word), unknownWord(word, known));
}
