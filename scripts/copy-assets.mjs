// Copies into dist/ what the compiler leaves behind: presets, the app's manifest, the example policy, the page's sources.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const assets = [
  'src/config/presets',
  // The page is bundled when it is first asked for; it imports nothing but types from outside its folder.
  'local-slack/page',
  'manifest.yml',
  'gonogo.example.yml',
  'LICENSE',
];
const isSource = (path) => !/(?:\.test\.tsx?|\btsconfig\.json|\bbiome\.jsonc)$/.test(path);

for (const asset of assets)
  cpSync(`${root}${asset}`, `${root}dist/${asset}`, { recursive: true, filter: isSource });
