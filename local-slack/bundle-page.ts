/** Builds the page: one document, one script, one style sheet, nothing from elsewhere. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface PageFile {
  body: string | Uint8Array;
  type: string;
}

/** Scripts, styles and connections are the page's own; only images may come from where a message says. */
const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src * data:; base-uri 'none'; form-action 'none'" />
    <title>Local Slack</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath d='M12 3 3 10.500V21l4-3h14v-7.500z' fill='%230b6e66'/%3E%3C/svg%3E" />
    <link rel="stylesheet" href="/assets/app.css" />
  </head>
  <body>
    <div id="root"></div>
    <noscript>The local Slack draws itself with JavaScript.</noscript>
    <script type="module" src="/assets/app.js"></script>
  </body>
</html>
`;

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

const inPage = (name: string) => fileURLToPath(new URL(`page/${name}`, import.meta.url));

/** The page's files by their path under `/`; esbuild takes a moment, so build once and keep them. */
export async function buildPage(): Promise<{ files: Map<string, PageFile> }> {
  const { outputFiles } = await build({
    entryPoints: { app: inPage('main.tsx'), 'app-style': inPage('app.css') },
    outdir: 'assets',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox125', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const named = (ending: string) =>
    outputFiles.find((file) => file.path.endsWith(ending))?.contents ?? new Uint8Array();
  return {
    files: new Map<string, PageFile>([
      ['index.html', { body: INDEX, type: 'text/html; charset=utf-8' }],
      ['assets/app.js', { body: named('app.js'), type: TYPES.js }],
      ['assets/app.css', { body: named('app-style.css'), type: TYPES.css }],
    ]),
  };
}
