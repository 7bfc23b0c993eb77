/** Gates and checklist items that lead nowhere, or ask for what cannot be. */

import { STAGED_GATE } from '../policy/gates.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

/** `checkRole` reports a role that does not exist or that nobody holds. */
export function checkReadiness(
  settings: Settings,
  report: Report,
  checkRole: (path: Path, role: string) => void,
): void {
  const known = Object.keys(settings.gates ?? {});
  const checkGates = (path: Path, gates: readonly string[] = []): void => {
    gates.forEach((gate, index) => {
      if (!known.includes(gate)) report([...path, index], show(gate), unknownWord(gate, known));
      else if (gates.indexOf(gate) < index) report([...path, index], `${gate} twice`, 'each gate once');
    });
  };
  for (const [id, own] of Object.entries(settings.environments)) {
    checkGates(['environments', id, 'gates'], own?.gates);
    checkGates(['environments', id, 'hand_over_gates'], own?.hand_over_gates);
    const both = own?.gates?.find((gate) => own.hand_over_gates?.includes(gate));
    if (both !== undefined)
      report(
        ['environments', id, 'hand_over_gates'],
        `${both} in gates as well`,
        'each gate in one of the two',
      );
  }
  for (const [type, own] of Object.entries(settings.change_types))
    checkGates(['change_types', type, 'gates'], own?.gates);
  checkStaged(settings, report);
  checkRules(settings, report);
  checkItems(settings, report, known, checkRole);
}

/** Where a service begins, no version of it completed before: what only GoNoGo can report is never reported there. */
function checkStaged({ services, environments, change_types: types }: Settings, report: Report): void {
  const keptBy = Object.values(types).some((terms) => terms?.gates?.includes(STAGED_GATE) ?? true);
  for (const [service, own] of Object.entries(services)) {
    const first = Object.keys(environments).find((id) => own.environments?.includes(id) ?? true);
    if (first === undefined) continue;
    const { approval, gates = [], hand_over_gates: later = [] } = environments[first] ?? {};
    const waited = gates.includes(STAGED_GATE) && (approval !== 'manual' || keptBy);
    if (!waited && !later.includes(STAGED_GATE)) continue;
    report(
      own.environments === undefined
        ? ['environments', first, waited ? 'gates' : 'hand_over_gates']
        : ['services', service, 'environments'],
      `${STAGED_GATE} in ${first}, where ${service} begins`,
      `an environment before ${first} in which a version can complete, or gates of ${first} without ${STAGED_GATE}: nothing else reports it`,
    );
  }
}

function checkRules({ gates = {} }: Settings, report: Report): void {
  for (const [id, own] of Object.entries(gates)) {
    const rules = (['pass_rate', 'percent', 'findings'] as const).filter((rule) => own[rule] !== undefined);
    if (rules.length > 1)
      report(['gates', id], rules.join(' and '), 'one of pass_rate, percent and findings, or none of them');
    if (own.findings !== undefined && Object.keys(own.findings).length === 0)
      report(['gates', id, 'findings'], 'no severity', 'a figure for at least one severity');
    checkDuration(['gates', id, 'lasts'], own.lasts, report);
  }
}

function checkItems(
  { checklist = {}, environments, roles }: Settings,
  report: Report,
  gates: readonly string[],
  checkRole: (path: Path, role: string) => void,
): void {
  // Roles that only a group has that applies nowhere may stay empty, but not unknown.
  const used = new Set(Object.values(environments).flatMap((own) => own?.checklist ?? []));
  for (const [id, own] of Object.entries(checklist)) {
    if (own === false) continue;
    const path = ['checklist', id];
    if (own.group === undefined || own.text === undefined)
      report(path, own.group === undefined ? 'no group' : 'no text', 'a group and a text');
    checkDuration([...path, 'lasts'], own.lasts, report);
    if (own.after_rollout !== undefined && own.before !== 'hand_over')
      report([...path, 'after_rollout'], 'an item before the start', 'before: hand_over beside it');
    if (own.after_rollout !== undefined && own.evidence !== undefined && !isGate(own.evidence))
      report([...path, 'after_rollout'], 'evidence from before the start', 'a gate as its evidence, or none');
    const isUsed = own.group !== undefined && used.has(own.group);
    own.roles?.forEach((role, index, all) => {
      const at = [...path, 'roles', index];
      if (isUsed || !Object.hasOwn(roles, role)) checkRole(at, role);
      if (all.indexOf(role) < index) report(at, `${role} twice`, 'each role once');
    });
    if (typeof own.evidence !== 'object') continue;
    if ('sign_off' in own.evidence && !Object.hasOwn(roles, own.evidence.sign_off))
      report(
        [...path, 'evidence', 'sign_off'],
        show(own.evidence.sign_off),
        unknownWord(own.evidence.sign_off, Object.keys(roles)),
      );
    if ('gate' in own.evidence && !gates.includes(own.evidence.gate))
      report([...path, 'evidence', 'gate'], show(own.evidence.gate), unknownWord(own.evidence.gate, gates));
  }
}

const isGate = (evidence: object | string): boolean => typeof evidence === 'object' && 'gate' in evidence;

function checkDuration(path: Path, value: string | undefined, report: Report): void {
  if (value !== undefined && parseDuration(value) === 0) report(path, show(value), 'a duration over 0');
}
