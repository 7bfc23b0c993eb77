/** `gonogo audit`: proves that the record is as it was written, and gives it out (AU-3, AU-7). It opens to read only. */

import type { RecordReader } from '../../db/open.ts';
import { readRecordKeys } from '../config/environment.ts';
import { auditExport } from './audit-export.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { tellVerified } from './verified.ts';
import { DATABASE, withRecord } from './with-record.ts';

export const audit: CliCommand = cliCommand({
  forms: [
    'audit verify [--db FILE] [--head CHECKPOINT]… [--figures] [--json]',
    'audit export [--db FILE] [--deployment ID] [--from DAY] [--until DAY] [--format csv|json]',
  ],
  summary: 'prove that the record is as it was written, or give it out',
  more: 'verify answers 0 where nothing does not fit, 1 where something does not, and says what it could not prove.\nGONOGO_RECORD_KEY is read where it is set.',
  options: {
    db: DATABASE,
    head: {
      type: 'string',
      multiple: true,
      takes: 'CHECKPOINT',
      says: 'verify: a checkpoint as it was published, and again for more',
    },
    figures: {
      type: 'boolean',
      default: false,
      says: 'verify: hold the figures of all looks against their digests as well, which takes longer',
    },
    json: { type: 'boolean', default: false, says: 'verify: say the same to a script' },
    deployment: { type: 'string', takes: 'ID', says: 'export: this one only' },
    from: {
      type: 'string',
      takes: 'DAY',
      says: 'export: a day or an instant in ISO 8601, in UTC where no zone is named',
    },
    until: { type: 'string', takes: 'DAY', says: 'export: up to this day or instant' },
    format: { type: 'string', default: 'json', takes: 'FORMAT', says: 'export: csv or json' },
  },
  async run({ values, positionals }) {
    const [action] = positionals;
    if (positionals.length !== 1 || (action !== 'verify' && action !== 'export')) return misused(audit);
    return withRecord(values.db, (record) =>
      action === 'verify' ? verify(record, values) : auditExport(record, values),
    );
  },
});

const CHECKPOINT = /^\d+-[0-9a-f]{32}$/;

/** 0: nothing does not fit · 1: something does not. What could not be proven is said either way. */
async function verify(
  record: RecordReader,
  { head: heads = [], figures, json }: { head?: string[]; figures: boolean; json: boolean },
): Promise<number> {
  const wrong = heads.find((head) => !CHECKPOINT.test(head));
  if (wrong !== undefined) {
    complain(
      `--head takes a checkpoint as it was published, 1042-9f86d081884c7d659a2feaa0c55ad015, not "${wrong}".`,
    );
    return EXIT.usage;
  }
  const env = readRecordKeys(process.env);
  if (!env.ok) {
    complain(env.problems.join('\n'));
    return EXIT.config;
  }
  const keys = env.keys === undefined ? [] : [env.keys.current, ...env.keys.earlier];
  const found = await record.verify({ keys, heads, figures });
  const ok = found.problems.length === 0;
  if (json) say(JSON.stringify({ ok, ...found }, undefined, 2));
  else tellVerified(found);
  return ok ? EXIT.ok : EXIT.failed;
}
