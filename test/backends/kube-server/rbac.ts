/** Who may do what, as the Role in a file says it; the words of a refusal are the API server's. */

import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

export interface Asked {
  verb: string;
  group: string;
  /** `rollouts` or `rollouts/status` */
  resource: string;
  namespace: string;
  name?: string | undefined;
}

/** The rules of the Role in it. */
export function rulesIn(file: string): Rule[] {
  const all = parseAllDocuments(readFileSync(file, 'utf8')).map(
    (one) => one.toJS() as { kind: string; rules: Rule[] },
  );
  const role = all.find(({ kind }) => kind === 'Role');
  if (role === undefined) throw new Error(`${file} has no Role`);
  return role.rules;
}

export function isAllowed(rules: readonly Rule[], { verb, group, resource, name }: Asked): boolean {
  return rules.some(
    (rule) =>
      rule.apiGroups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb) &&
      (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))),
  );
}

export function refusalOf({ verb, group, resource, namespace, name }: Asked, user: string): string {
  const full = group === '' ? resource : `${resource}.${group}`;
  return `${full}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${namespace}"`;
}
