import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesOf, type Touch } from '../../src/terms/changes.ts';

const between = (commits: { author: string; message: string }[], files: string[] = []) =>
  changesOf({ from: 'v1.0.0', to: 'v1.1.0', commits, files });

it('K-11: counts each author and each pull request once, merged or squashed', () => {
  const changes = between([
    { author: 'priya', message: 'Add Apple Pay (#12)\n\nLong words.' },
    { author: 'tom', message: 'Merge pull request #13 from acme/retry\n\nRetry declined cards' },
    { author: 'priya', message: 'Fix a typo' },
    { author: '', message: 'Add Apple Pay again (#12)' },
  ]);
  expect(changes).toMatchObject({
    commits: 4,
    authors: ['priya', 'tom'],
    authorCount: 2,
    pullRequestCount: 2,
    partial: false,
  });
  expect(changes.pullRequests).toEqual([
    { number: 12, title: 'Add Apple Pay' },
    { number: 13, title: 'Retry declined cards' },
  ]);
});

it('K-11: files are counted by area, and what only wraps the source is none', () => {
  const files = [
    'src/payment/a.ts',
    'src/payment/deep/b.ts',
    'src/orders/c.ts',
    'README.md',
    'docs/d.md',
    'src/main.ts',
  ];
  expect(between([], files).areas).toEqual([
    { name: 'src/payment', files: 2 },
    { name: 'docs', files: 1 },
    { name: 'src', files: 1 },
    { name: 'src/orders', files: 1 },
    { name: 'top folder', files: 1 },
  ]);
});

it.each<[string, Touch[]]>([
  ['db/migrations/0042_totals.sql', ['database']],
  ['prisma/schema.prisma', ['database']],
  ['package-lock.json', ['dependencies']],
  ['services/api/go.sum', ['dependencies']],
  ['Dockerfile', ['infrastructure']],
  ['.github/workflows/deploy.yml', ['infrastructure']],
  ['infra/main.tf', ['infrastructure']],
  ['config/limits.toml', ['configuration']],
  ['src/auth/session.ts', ['security']],
  ['src/user-permissions.ts', ['security']],
  ['src/authors/list.ts', []],
  ['src/payment/retry.ts', []],
  ['docs/database.md', []],
])('K-11: %s touches %j', (file, touches) => {
  expect(between([], [file]).touches).toEqual(touches);
});

it('K-11: is small however much has changed', () => {
  const commit = fc.record({
    author: fc.string(),
    message: fc.string({ maxLength: 3_000 }).map((text) => `${text} (#7)`),
  });
  fc.assert(
    fc.property(fc.array(commit), fc.array(fc.string()), (commits, files) => {
      const changes = between(commits, files);
      expect(changes.authors.length).toBeLessThanOrEqual(8);
      expect(changes.areas.length).toBeLessThanOrEqual(6);
      expect(changes.commits).toBe(commits.length);
      for (const { title } of changes.pullRequests) expect(title.length).toBeLessThanOrEqual(100);
    }),
  );
  const many = Array.from({ length: 500 }, (_, index) => ({
    author: `a${index}`,
    message: `Change (#${index})`,
  }));
  const changes = between(many);
  expect(changes).toMatchObject({ authorCount: 500, pullRequestCount: 500 });
  expect(JSON.stringify(changes).length).toBeLessThan(5_000);
});
