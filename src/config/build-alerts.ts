/** Checked settings about alerts → their policy, and what a schema cannot see of them. */

import { defined } from '../defined.ts';
import type { AlertPolicy } from '../policy/alerts.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

export function buildAlerts({ alerts: own = {} }: Settings): AlertPolicy {
  return {
    channels: new Map(
      Object.entries(own.channels ?? {}).map(([id, settings]) => [
        id,
        {
          patterns: settings?.patterns ?? [],
          ...defined({ service: settings?.service }),
        },
      ]),
    ),
    aliases: new Map(Object.entries(own.aliases ?? {})),
    noSuspect: own.no_suspect ?? 'say',
  };
}

type Report = (path: Path, found: string, allowed: string) => void;

/** A name that means two services would have alerts blame either. */
export function checkAlerts({ alerts: own = {}, services }: Settings, report: Report): void {
  const known = Object.keys(services);
  for (const [id, settings] of Object.entries(own.channels ?? {})) {
    const service = settings?.service;
    if (service !== undefined && !known.includes(service))
      report(['alerts', 'channels', id, 'service'], show(service), unknownWord(service, known));
  }
  const taken = new Map(known.map((name) => [name.toLowerCase(), name]));
  for (const [service, aliases] of Object.entries(own.aliases ?? {})) {
    if (!known.includes(service))
      report(['alerts', 'aliases', service], show(service), unknownWord(service, known));
    for (const [index, alias] of aliases.entries()) {
      const other = taken.get(alias.toLowerCase());
      if (other !== undefined && other !== service)
        report(['alerts', 'aliases', service, index], show(alias), `a name that is not also of ${other}`);
      taken.set(alias.toLowerCase(), service);
    }
  }
}
