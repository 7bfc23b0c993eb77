/** Named values in an alert: fields, "name = value", "Name: value", and tags such as "service:checkout". */

const MAX_LABELS = 100;

const ASSIGNED = /^[-•\s]{0,6}([A-Za-z][\w./-]{0,60}) = (.{1,300})$/;
const COLON = /^[-•\s]{0,6}([A-Za-z][\w /.-]{0,30}):\s{1,3}(\S.{0,300})$/;
const TAG = /(?:^|[\s,({[])([a-z][a-z_.-]{1,30}):([A-Za-z0-9][\w./-]{0,80})/g;
/** Names that stand on one line, as Sentry's footers have them. */
const SEVERAL = /\b([A-Z][a-z]{2,20}): (\S{1,80})/g;
const NO_TAG = new Set(['http', 'https', 'arn', 'aws']);

export function labelsIn(
  fields: readonly [string, string][],
  lines: readonly string[],
): Record<string, string> {
  const found = new Map<string, string>();
  const keep = (name: string, value: string): void => {
    const key = name.trim().toLowerCase().replace(/\s+/g, '_');
    if (key !== '' && value.trim() !== '' && !found.has(key) && found.size < MAX_LABELS)
      found.set(key, value.trim());
  };
  for (const [name, value] of fields) keep(name, value);
  let heading: string | undefined;
  for (const line of lines) {
    // Fields of blocks: the name on one line, the value on the next.
    if (heading !== undefined) keep(heading, line);
    heading = /^([A-Za-z][\w ]{0,30}):$/.exec(line)?.[1];
    const assigned = ASSIGNED.exec(line) ?? COLON.exec(line);
    for (const [, name = '', value = ''] of line.matchAll(SEVERAL)) keep(name, value);
    if (assigned?.[1] !== undefined && assigned[2] !== undefined) keep(assigned[1], assigned[2]);
    for (const [, name = '', value = ''] of line.matchAll(TAG)) if (!NO_TAG.has(name)) keep(name, value);
  }
  for (const [, value] of fields)
    for (const [, name = '', tagged = ''] of value.matchAll(TAG)) if (!NO_TAG.has(name)) keep(name, tagged);
  // Their keys come from strangers: an object without a prototype takes any.
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(found));
}
