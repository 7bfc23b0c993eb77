import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

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

/** What a package is called where it is run. */
const COMMANDS: Readonly<Record<string, string>> = { typescript: 'tsc ', '@biomejs/biome': 'biome ' };
/** Asked for by another package alone. */
const PEERS: ReadonlySet<string> = new Set(['openapi-types']);

describe('the dependencies', () => {
  const manifest = z
    .object({
      scripts: z.record(z.string(), z.string()),
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(read('package.json')));
  const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
  const names = Object.keys(pinned);
  /** A row may stand for a family: `@types/*`. */
  const rows = found('docs/dependencies.md', /^\| (`.*?) \|/gm).flatMap((row) =>
    [...row.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  const isNamed = (name: string): boolean =>
    rows.some((row) => row === name || (row.endsWith('*') && name.startsWith(row.slice(0, -1))));

  it('are pinned exactly', () => {
    expect(Object.entries(pinned).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are each named with their reason, and nothing else is', () => {
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
    const stale = rows.filter(
      (row) => !names.some((name) => name === row || name.startsWith(row.slice(0, -1))),
    );
    expect(stale).toEqual([]);
  });

  it('are each used: by a source, a script of the package, or as the peer of another', () => {
    const sources = [
      'src',
      'db',
      'commands',
      'views',
      'local-slack',
      'examples',
      'scripts',
      'bench',
      'test',
    ].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
        .map((file) => read(join(folder, file))),
    );
    const text = sources.join('\n');
    const scripts = Object.values(manifest.scripts).join('\n');
    const isUsed = (name: string): boolean =>
      text.includes(`'${name}`) || text.includes(`\`${name}/`) || scripts.includes(COMMANDS[name] ?? name);
    const asked = names.filter((name) => !name.startsWith('@types/') && !PEERS.has(name));
    expect(asked.filter((name) => !isUsed(name))).toEqual([]);
  });
});
