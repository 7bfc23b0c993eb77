import { expect, it } from 'vitest';
import { changesOf } from '../../src/terms/changes.ts';
import { changedWords, changesInFull } from '../../views/changes-words.ts';
import { deploymentIn } from './deployments.ts';

const CHANGES = changesOf({
  from: 'v2.0.4',
  to: 'v2.1.0',
  commits: [
    { author: 'priya', message: 'Add <!channel> Pay (#12)' },
    { author: '<@U0TOM>', message: 'Fix' },
  ],
  files: ['db/migrations/1.sql', 'src/payment/a.ts'],
  url: 'https://github.com/acme/checkout/compare/v2.0.4...v2.1.0',
  pullRequestUrl: (number) => `https://github.com/acme/checkout/pull/${number}`,
});

it('K-11: one line says how much changed, what it touches, and where to read it', () => {
  const { to: _to, ...changed } = CHANGES;
  expect(changedWords(deploymentIn('preparing', { changed }))).toBe(
    '2 commits by 2 people in 2 files since v2.0.4 · touches the database · <https://github.com/acme/checkout/compare/v2.0.4...v2.1.0|compare>',
  );
});

it('K-11: says where the files touch the database and the request says that nothing does', () => {
  const { to: _to, ...changed } = CHANGES;
  const d = deploymentIn('preparing', { changed });
  const details = { ...d.terms.details, database: 'none' as const };
  expect(changedWords({ terms: { ...d.terms, details } })).toContain(
    'touches the database · ⚠️ no change of the database is declared · <https',
  );
});

it('K-11: of another version than the one that is asked for now it says nothing', () => {
  const d = deploymentIn('preparing');
  expect(changedWords(d)).toBe('');
  expect(changedWords({ ...d, terms: { ...d.terms, changes: { ...CHANGES, to: 'v2.0.9' } } })).toBe('');
});

it('K-11: a form names people, areas and pull requests, and what they typed notifies nobody', () => {
  const lines = changesInFull(CHANGES, 'none');
  expect(lines[1]).toBe('By priya and &lt;@U0TOM&gt; · files: db 1, src/payment 1');
  expect(lines[2]).toBe('<https://github.com/acme/checkout/pull/12|#12> Add &lt;!channel&gt; Pay');
});

it('K-11: going back says what is lost, and what could only be read in part says so', () => {
  const back = changesOf({ from: 'v2.1.0', to: 'v2.0.4', commits: [], lost: 3, files: [] });
  expect(changesInFull(back, 'none')).toEqual([
    'Changes 0 commits since v2.1.0 · ⚠️ without 3 commits that v2.1.0 has',
  ]);
  const much = changesOf({
    from: 'v1.0.0',
    to: 'v2.0.0',
    commits: [],
    commitCount: 900,
    files: ['a'],
    moreFiles: true,
  });
  expect(changesInFull(much, 'none')[0]).toBe('Changes at least 900 commits in 1 file since v1.0.0');
});
