/** The bot as one script, which starts in a third of a second: it is started a hundred times. boot.cjs runs it. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3/build/Release/better_sqlite3.node');

/** A package that looks for its one file in a dozen places; and others' packages for ways that GoNoGo does not go. */
const shortcuts: Plugin = {
  name: 'shortcuts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(bindings|express|@slack\/oauth|iconv-lite|node:http2)$/ }, ({ path }) => ({
      path,
      namespace: 'shortcut',
    }));
    onLoad({ filter: /./, namespace: 'shortcut' }, ({ path }) => ({
      contents:
        path === 'bindings'
          ? `module.exports = () => require(${JSON.stringify(SQLITE)})`
          : 'module.exports = { constants: {} }',
      resolveDir: ROOT,
    }));
  },
};

const FIRST = `
// Each process checks a few values with each schema: a program that is written for it is not worth its compiling.
(globalThis.__zod_globalConfig ??= {}).jitless = true;
// To be asked for it, Node loads a second undici: bot.ts puts the one in the bundle there.
delete globalThis.Headers;
`;

export async function bundleBot(): Promise<string> {
  const folder = join(ROOT, 'node_modules/.gonogo-crash-test');
  rmSync(folder, { recursive: true, force: true });
  const outfile = join(folder, 'bot.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('bot.ts', import.meta.url))],
    outfile,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    format: 'cjs',
    // A script that was compiled before knows no `import()`.
    supported: { 'dynamic-import': false },
    target: 'node20',
    // With its packages inside it starts twice as fast; the first load files of their own, the rest is large and not needed.
    external: ['*.node', '@resvg/resvg-js', '@kubernetes/client-node', 'octokit'],
    plugins: [shortcuts],
    // The presets are read from beside the module that reads them.
    define: {
      'import.meta.url': JSON.stringify(new URL('../../src/config/presets.ts', import.meta.url).href),
    },
    banner: { js: FIRST },
    logLevel: 'silent',
  });
  writeFileSync(outfile, `(function (require) {${inAscii(readFileSync(outfile, 'utf8'))}\n})`);
  return outfile;
}

/** esbuild leaves the characters of regular expressions as they are. */
const inAscii = (script: string): string =>
  script.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
