/**
 * docs/backends/README.md: what each kind of backend and metric source can do, as its code says it.
 * `node --import tsx scripts/backends-page.ts` writes it; a test looks whether it is fresh.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdapterContext } from '../src/adapters/kind.ts';
import type { Registry } from '../src/adapters/registry.ts';
import { BACKENDS } from '../src/backends/index.ts';
import { createSimulatedWorld } from '../src/backends/simulator.ts';
import { createLog } from '../src/log.ts';
import { METRICS } from '../src/metrics/index.ts';
import { SIGNALS } from '../src/signals/index.ts';
import type { BackendStepKind } from '../src/terms/plan.ts';

export const PAGE = fileURLToPath(new URL('../docs/backends/README.md', import.meta.url));

/** In which order a deployment meets them. */
const STEPS: { kind: BackendStepKind; words: string }[] = [
  { kind: 'stand-up', words: 'stand up beside the old version' },
  { kind: 'set-weight', words: 'share the traffic' },
  { kind: 'batch', words: 'roll, part by part' },
  { kind: 'replace', words: 'replace all at once' },
  { kind: 'retire-old', words: 'retire the old version' },
];

/** What is needed to open an example: nothing is asked over the network. */
function context(name: string): AdapterContext {
  const clock = { now: () => 0 };
  return {
    name,
    secret: () => 'not-a-secret'.repeat(4),
    clock,
    log: createLog({ level: 'silent' }),
    fetch,
    folder: () => {
      throw new Error('an example keeps nothing');
    },
    world: () => createSimulatedWorld({ seed: 1, clock }),
  };
}

function opened<T>(registry: Registry<T>): { kind: string; adapter: T }[] {
  return registry.kinds.map((kind) => ({
    kind,
    adapter: registry.open({ kind, settings: registry.exampleOf(kind) }, context(kind)),
  }));
}

const mark = (yes: boolean): string => (yes ? 'yes' : '–');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const PAGES = {
  backends: (kind: string) => [`${kind}.md`],
  metrics: (kind: string) => [`../metrics/${kind}.md`, `${kind}.md`],
  signals: () => ['../signals.md'],
};

function named(kind: string, list: keyof typeof PAGES, summary: string): string {
  const pages = PAGES[list](kind);
  const page = pages.find((one) =>
    existsSync(fileURLToPath(new URL(`../docs/backends/${one}`, import.meta.url))),
  );
  return `${page === undefined ? `\`${kind}\`` : `[\`${kind}\`](${page})`}: ${summary}`;
}

export function backendsPage(): string {
  const backends = opened(BACKENDS).map(({ kind, adapter }) =>
    row([
      named(kind, 'backends', BACKENDS.summaryOf(kind)),
      ...STEPS.map((step) => mark(adapter.steps.has(step.kind))),
      mark(adapter.check !== undefined),
    ]),
  );
  const metrics = opened(METRICS).map(({ kind, adapter }) =>
    row([named(kind, 'metrics', METRICS.summaryOf(kind)), mark(adapter.series !== undefined)]),
  );
  const signals = opened(SIGNALS).map(({ kind }) => row([named(kind, 'signals', SIGNALS.summaryOf(kind))]));
  const columns = ['kind', ...STEPS.map(({ words }) => words), 'checked by doctor'];
  return `# What drives a deployment, what measures it, and what tells of alerts

<!-- Written by scripts/backends-page.ts from what the code says; a test looks whether it is fresh. -->

An adapter is a named instance in \`gonogo.yml\`, under \`backends:\`, \`metrics:\` or \`signals:\`, with its \`kind\` and the
settings of that kind. \`gonogo check\` says whether the settings hold together, \`gonogo doctor\` tries each one for every place. A plan with a step that the backend cannot take is refused at the request. Each kind's page leads from nothing
to a first deployment.

## Backends

${row(columns)}
${row(columns.map(() => '---'))}
${backends.join('\n')}

Every one takes each command once, however often it is told, also after a restart; tells what runs by digest where it
knows; and says in words when a command was accepted and cannot be carried out. A command that is older than one that its
deployment has told already has no effect, whoever sends it.

What goes wrong means the same everywhere; each page says it in the words of its system, and what is special there.

| what happens | a step | a rollback |
| --- | --- | --- |
| the credentials are not accepted (401), a permission is missing (403) | held at once | goes on being tried |
| there is no such thing (404), what was told is invalid (422) | held at once | as it was meant: where it can go back with what is left, it does; else a person decides |
| it is in conflict with another, without end (409) | tried again, held after 5 minutes | goes on being tried |
| busy (429), failing (5xx), away, no answer in time | tried again, when it asks to be, and held after 5 minutes | goes on being tried, at once |
| an answer that is huge, cut off or not as agreed | no answer: tried again, held after 5 minutes | goes on being tried |

## Metric sources

| kind | history of one metric |
| --- | --- |
${metrics.join('\n')}

Every one reads both versions in one window, and says "no data" with its reason where it has nothing to say. One that fails
(401, 403, 404, 422, 429, 5xx, no answer in time, an answer that is huge, cut off, a page of something else, of figures that
cannot be) is no reading either, and never a pass: the stage holds and asks. Doctor tries every one.

## Sources of signals

| kind |
| --- |
${signals.join('\n')}

Every one is tried by doctor with a query as a look makes it. What one of them cannot say, nobody can: it is never taken for
quiet.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, backendsPage());
