import { describe, expect, it } from 'vitest';
import { run, until } from '../../src/cli/real/processes.ts';
import { PACKAGES } from '../../src/cli/real/shop.ts';
import { missingPrograms } from './installed.ts';

const missing = missingPrograms(...PACKAGES);
const title = `gonogo demo --real${missing.length > 0 ? `: ${missing.join(' and ')} not installed` : ''}`;
const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;
const START = ['--import', 'tsx', CLI, 'demo', '--real', '--port', '0', '--no-open'];

describe.skipIf(missing.length > 0)(title, () => {
  it('K-9: runs real processes, says where they are, and ends them all with itself', async () => {
    const demo = run(process.execPath, START);
    await until('the welcome', async () => demo.output().includes('things to try'), 40_000);
    const addresses = demo.output().match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
    expect(new Set(addresses).size).toBe(3);
    for (const address of addresses) expect((await fetch(address)).status).toBeLessThan(501);
    const ended = new Promise((resolve) => demo.child.once('exit', resolve));
    demo.child.kill('SIGINT');
    expect(await ended).toBe(0);
    for (const address of addresses) await expect(fetch(address)).rejects.toThrow();
  });
});

it('gonogo demo --real says which packages it needs where they are not there', async () => {
  const demo = run(process.execPath, START, { PATH: '/nowhere' });
  const code = await new Promise((resolve) => demo.child.once('exit', resolve));
  expect(code).toBe(1);
  expect(demo.output()).toMatch(/apt-get install .*prometheus/);
});
