// Puts packages of hundreds of small modules into one file each, in dist/node_modules, where dist/ finds them first: for
// Node a module costs many times its text in memory, and a file to open at the start. Without them all works the same.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each by the one path under which it is imported. */
const PACKAGES = { kysely: '.', zod: '.', 'chrono-node': './en' };

for (const [name, path] of Object.entries(PACKAGES)) {
  const from = `${root}node_modules/${name}`;
  const to = `${root}dist/node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${from}/package.json`, 'utf8'));
  await build({
    stdin: { contents: reExport(`${name}${path.slice(1)}`), resolveDir: root },
    outfile: `${to}/index.js`,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    keepNames: true,
    logLevel: 'warning',
  });
  const exported = { [path]: './index.js' };
  writeFileSync(
    `${to}/package.json`,
    `${JSON.stringify({ name, version, license, type: 'module', exports: exported }, null, 2)}\n`,
  );
  copyLicence(from, to);
}

function reExport(specifier) {
  return `export * from '${specifier}';`;
}

function copyLicence(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of ['LICENSE', 'LICENSE.txt', 'LICENSE.md']) {
    try {
      copyFileSync(`${from}/${file}`, `${to}/${file}`);
      return;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${from} has no licence file`);
}
