import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ADR = 'docs/adr';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...under('docs'), ...under('bench')];

function under(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const found = (page: string, pattern: RegExp): string[] =>
  [...read(page).matchAll(pattern)].map(([, name = '']) => name);

describe('the pages of the project', () => {
  it('are found', () => {
    expect(pages.length).toBeGreaterThan(20);
  });

  it('link only to what is there', () => {
    const dead = pages.flatMap((page) =>
      found(page, /\]\((?![a-z]+:)([^)#\s]+)/g)
        .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
        .map((target) => `${page} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('name only files of the sources that are there', () => {
    const gone = pages.flatMap((page) =>
      found(page, /`((?:src|commands|views|db|test|bench|deploy|scripts|docs|local-slack)\/[\w./-]*\w)\/?`/g)
        // NAME stands for what a reader will choose.
        .filter((path) => !path.includes('NAME') && !existsSync(join(ROOT, path)))
        .map((path) => `${page} → ${path}`),
    );
    expect(gone).toEqual([]);
  });

  it('number the decision records without a gap, and list each of them', () => {
    const records = readdirSync(join(ROOT, ADR)).filter((file) => /^\d{4}-/.test(file));
    expect(records.map((file) => Number(file.slice(0, 4)))).toEqual(records.map((_file, index) => index + 1));
    const listed = found(join(ADR, 'README.md'), /^\| \[\d{4}\]\((\d{4}-[^)]+)\)/gm);
    expect(listed).toEqual(records.sort());
  });
});
