/** The registries: one line makes a kind known to the file, to its schema, to the check and to the start. */

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adapterKind } from '../../src/adapters/kind.ts';
import { createRegistry } from '../../src/adapters/registry.ts';
import { readSecret, secretRef } from '../../src/adapters/secrets.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { METRICS } from '../../src/metrics/index.ts';
import { adapterContext } from '../adapter-context.ts';
import { createManualClock } from '../manual-clock.ts';

const world = () => createSimulatedWorld({ seed: 1, clock: createManualClock() });

describe.each([BACKENDS, METRICS])('the registry of each $what', (registry) => {
  it('K-9: ends the start on a kind that nobody knows, and says which there are', () => {
    for (const kind of ['kubernetees', 'toString']) {
      expect(() => registry.open({ kind, settings: {} }, adapterContext())).toThrow(
        `there is no kind of ${registry.what} "${kind}"; there are: ${registry.kinds.join(', ')}`,
      );
    }
  });

  it('K-9: opens the simulator on the world of the program, and on none it says so', () => {
    const simulator = { kind: 'simulator', settings: {} };
    expect(registry.open(simulator, adapterContext({ world }))).toMatchObject({ name: 'simulator' });
    expect(() => registry.open(simulator, adapterContext({ name: 'eu' }))).toThrow('"eu" is a simulator');
  });

  it('says one line about each kind', () => {
    for (const kind of registry.kinds) expect(registry.summaryOf(kind)).toMatch(/^.{10,100}$/);
  });
});

describe('a kind of adapter', () => {
  const opened: unknown[] = [];
  const registry = createRegistry('thing', {
    lamp: adapterKind({
      summary: 'a lamp that is not there',
      settings: z.strictObject({ url: z.url(), token: secretRef, watts: z.int().default(40) }),
      example: { url: 'https://lamp.example.com', token: 'env:LAMP' as never },
      open(settings, context) {
        opened.push(settings);
        return { name: context.name, token: context.secret(settings.token) };
      },
    }),
  });

  it('brings its settings to the schema of the file, with `kind` and `limit` beside them', () => {
    const token = 'env:LAMP_TOKEN';
    const lamp = { kind: 'lamp', url: 'https://lamp.example', token };
    expect(registry.schema.safeParse({ ...lamp, limit: 4 }).success).toBe(true);
    expect(registry.schema.safeParse({ ...lamp, limit: 0 }).success).toBe(false);
    expect(registry.schema.safeParse({ ...lamp, bright: true }).success).toBe(false);
    expect(registry.schema.safeParse({ ...lamp, kind: 'lamb' }).success).toBe(false);
    expect(registry.schema.safeParse({ ...lamp, token: 'xoxb-the-secret-itself' }).success).toBe(false);
  });

  it('is opened on what its own schema made of the settings, with its secrets read at that moment', () => {
    const context = adapterContext({ name: 'desk', variables: { LAMP_TOKEN: 'glow' } });
    const settings = { url: 'https://lamp.example', token: 'env:LAMP_TOKEN' };
    expect(registry.open({ kind: 'lamp', settings }, context)).toEqual({ name: 'desk', token: 'glow' });
    expect(opened).toEqual([{ ...settings, watts: 40 }]);
  });
});

describe('a secret by reference', () => {
  it.each([
    ['env:LAMP_TOKEN', 'env:LAMP_TOKEN is not set'],
    ['file:/nowhere/at/all', 'file:/nowhere/at/all cannot be read: ENOENT'],
  ])('says of %s where it is missing, and nothing else', (reference, words) => {
    expect(() => readSecret(secretRef.parse(reference), { LAMP_TOKEN: '' })).toThrow(words);
  });
});
