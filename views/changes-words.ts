/** What a version changes of what runs (K-11), in words: one line where somebody decides, more where there is room. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Details } from '../src/terms/change.ts';
import type { Changes, Touch } from '../src/terms/changes.ts';
import { inline, link, listOf, plural } from './text.ts';

type DatabaseChange = Details['database'];

const TOUCHED: Record<Touch, string> = {
  database: 'the database',
  dependencies: 'dependencies',
  infrastructure: 'how it is built and deployed',
  configuration: 'configuration',
  security: 'who may do what',
};

/** `12 commits by 3 people in 41 files since v2.0.4 · touches the database · compare`; empty where nothing is known of this version. */
export function changedWords({ terms: { changes, envelope, details } }: Pick<Deployment, 'terms'>): string {
  return changes === undefined || changes.to !== envelope.version
    ? ''
    : changesInShort(changes, details.database);
}

function changesInShort(changes: Changes, declared: DatabaseChange): string {
  const parts = [
    counted(changes),
    lostWords(changes),
    touched(changes),
    undeclared(changes, declared),
    link(changes.url, 'compare'),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What the files say and the request does not: a rollback goes by what was declared. */
function undeclared({ touches }: Changes, declared: DatabaseChange): string {
  return declared === 'none' && touches.includes('database') ? '⚠️ no change of the database is declared' : '';
}

/** For a form: also who, where and which pull requests. */
export function changesInFull(changes: Changes, declared: DatabaseChange): string[] {
  const { authors, authorCount, areas, pullRequests, pullRequestCount } = changes;
  const unnamed = Array.from({ length: authorCount - authors.length }, () => '');
  const who = [...authors.map((author) => inline(author, 40)), ...unnamed];
  const where = areas.map(({ name, files }) => `${inline(name, 40)} ${files}`);
  const requests = pullRequests.slice(0, MAX_SHOWN).map(({ number, title, url }) => {
    const name = `#${number}`;
    return `${link(url, name) || name} ${inline(title, 60)}`;
  });
  const more = pullRequestCount - requests.length;
  return [
    `Changes ${changesInShort(changes, declared)}`,
    [who.length === 0 ? '' : `By ${listOf(who)}`, where.length === 0 ? '' : `files: ${where.join(', ')}`]
      .filter(Boolean)
      .join(' · '),
    [...requests, ...(more > 0 ? [`and ${more} more`] : [])].join(' · '),
  ].filter(Boolean);
}

const MAX_SHOWN = 5;

function counted({ from, commits, authorCount, files, partial }: Changes): string {
  const least = partial ? 'at least ' : '';
  const by = authorCount === 0 ? '' : ` by ${authorCount === 1 ? '1 person' : `${authorCount} people`}`;
  const where = files === 0 ? '' : ` in ${plural(files, 'file')}`;
  return `${least}${plural(commits, 'commit')}${by}${where} since ${inline(from, 60)}`;
}

function lostWords({ lost, from }: Changes): string {
  return lost === 0 ? '' : `⚠️ without ${plural(lost, 'commit')} that ${inline(from, 60)} has`;
}

function touched({ touches }: Changes): string {
  return touches.length === 0
    ? ''
    : `touches ${listOf(
        touches.map((touch) => TOUCHED[touch]),
        'and',
      )}`;
}
