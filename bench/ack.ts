/** From a command or a click to its ack and its modal: GoNoGo against an app that only acks, batch by batch in turn. */

import type { Delivered, Message } from '../local-slack/protocol.ts';
import { type Asked, askForAll, endAll, goes } from './deployments.ts';
import { atATime, type Button, CHANNEL, DANA } from './driving.ts';
import { type Subject, type SubjectName, startSubjects } from './subjects.ts';
import { fixed, printTable, quantile, ratio } from './table.ts';

const COMMAND = '/deploy checkout v2.1.0 to production';
const SERVICES = 15;
const EACH_BATCH = 60;
const ROUNDS = 5;
/** A live message is drawn at most once a second: what a click causes is over after this. */
const CALM_MS = 1_200;

interface Kind {
  name: string;
  subjects: SubjectName[];
  /** The call that ends an interaction, where the app makes one: only then does the next begin. */
  ends?: string;
  /** What a person does in one batch. */
  batch(subject: Subject): Promise<(() => Promise<Delivered>)[]>;
  after?(subject: Subject): Promise<void>;
}

interface Figures {
  acks: number[];
  opened: number[];
  /** Microseconds, of `acks.length` interactions and all that they caused. */
  cpu: number;
}

export async function benchAck(): Promise<void> {
  const subjects = await startSubjects(['bare', 'one call', 'gonogo'], { services: SERVICES });
  try {
    const rows: string[][] = [];
    for (const kind of await kindsFor(subjects.all)) {
      await measure(kind, 32, subjects.all, 3);
      for (const many of [1, 32])
        rows.push(...row(kind, many, await measure(kind, many, subjects.all, ROUNDS)));
    }
    printTable(
      `Ack and CPU per interaction (${EACH_BATCH * ROUNDS} each, Node ${process.versions.node})`,
      [
        'interaction',
        'at a time',
        'bare: ack p50 / p99',
        'GoNoGo: ack p50 / p99',
        'GoNoGo: modal p50 / p99',
        'CPU bare',
        'CPU bare + one call',
        'CPU GoNoGo',
        'GoNoGo : bare',
        'GoNoGo : bare + one call',
      ],
      rows,
    );
  } finally {
    await subjects.stop();
  }
}

/** A B C, A B C …, so that the noise of the machine meets all of them alike. */
async function measure(
  kind: Kind,
  many: number,
  subjects: readonly Subject[],
  rounds: number,
): Promise<Map<SubjectName, Figures>> {
  const figures = new Map<SubjectName, Figures>(
    kind.subjects.map((name) => [name, { acks: [], opened: [], cpu: 0 }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const sum = figures.get(subject.name);
      if (sum === undefined) continue;
      const batch = await kind.batch(subject);
      await calm(subject);
      const mark = await subject.driving.mark();
      const before = await subject.running.cpu();
      const answers = await atATime(many, batch, async (act) => {
        const answer = await act();
        if (kind.ends !== undefined && subject.name !== 'bare') await subject.driving.called(kind.ends);
        return answer;
      });
      await calm(subject);
      sum.cpu += (await subject.running.cpu()) - before;
      sum.acks.push(...answers.map(({ ack_ms }) => ack_ms));
      sum.opened.push(...(await subject.driving.opened(mark)));
      await kind.after?.(subject);
    }
  }
  return figures;
}

async function calm(subject: Subject): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, CALM_MS));
  await subject.settle();
}

async function kindsFor(subjects: readonly Subject[]): Promise<Kind[]> {
  const gonogo = subjects.find(({ name }) => name === 'gonogo');
  if (gonogo === undefined) throw new Error('nothing to measure');
  const asked: Asked = { driving: gonogo.driving, settle: gonogo.settle, services: SERVICES };
  const [card] = await askForAll(asked);
  await gonogo.driving.command(DANA, COMMAND);
  const view = asArguments(await gonogo.driving.modal(DANA, 'schedule'));
  await endAll(asked);
  if (card === undefined) throw new Error('no card was posted');
  const plain = await postAll(subjects, unanswered(card));
  const bareCards = await postAll(
    subjects.filter(({ name }) => name !== 'gonogo'),
    card.blocks,
  );
  await subjects.find(({ name }) => name === 'one call')?.running.ask('calls', { view });
  const times = <T>(make: () => T): T[] => Array.from({ length: EACH_BATCH }, make);
  return [
    {
      name: 'a button without an answer: ack only',
      subjects: ['bare', 'gonogo'],
      batch: async (subject) => times(() => () => subject.driving.click(button(plain, subject, 'link.go'))),
    },
    {
      name: `${COMMAND}: ack, modal`,
      subjects: ['bare', 'one call', 'gonogo'],
      ends: 'views.open',
      batch: async (subject) => times(() => () => subject.driving.command(DANA, COMMAND)),
    },
    {
      name: 'Go on a card: ack, who is it, record, card',
      subjects: ['bare', 'one call', 'gonogo'],
      ends: 'users.info',
      async batch(subject) {
        const { driving, name } = subject;
        if (name !== 'gonogo') return times(() => () => driving.click(button(bareCards, subject, 'card.go')));
        return goes(await askForAll(asked)).map((go) => () => driving.click(go));
      },
      after: async ({ name }) => (name === 'gonogo' ? endAll(asked) : undefined),
    },
  ];
}

/** The same card in each workspace, posted as the app, so that what is delivered weighs the same. */
async function postAll(
  subjects: readonly Subject[],
  blocks: unknown,
): Promise<ReadonlyMap<SubjectName, string>> {
  const posted = new Map<SubjectName, string>();
  for (const { name, driving, place } of subjects) {
    posted.set(name, await driving.post(place.token, blocks));
  }
  return posted;
}

function button(cards: ReadonlyMap<SubjectName, string>, subject: Subject, action: string): Button {
  return { user: DANA, action_id: action, channel: CHANNEL, ts: cards.get(subject.name) ?? '' };
}

/** The same card with buttons that nobody answers, as those of links. */
function unanswered({ blocks }: Message): unknown {
  return JSON.parse(JSON.stringify(blocks).replaceAll('"card.', '"link.'));
}

/** The modal as GoNoGo drew it, as the argument of `views.open`. */
function asArguments(view: { blocks: unknown[]; callback_id: string }): object {
  return {
    type: 'modal',
    callback_id: view.callback_id,
    title: { type: 'plain_text', text: 'Schedule a deployment' },
    submit: { type: 'plain_text', text: 'Schedule' },
    blocks: view.blocks,
  };
}

function row(kind: Kind, many: number, figures: ReadonlyMap<SubjectName, Figures>): string[][] {
  const of = (name: SubjectName): Figures => figures.get(name) ?? { acks: [], opened: [], cpu: Number.NaN };
  const cpu = (name: SubjectName): number => of(name).cpu / 1_000 / of(name).acks.length;
  const spread = (values: readonly number[], digits: number): string =>
    values.length === 0
      ? '–'
      : `${fixed(quantile(values, 0.5), digits)} / ${fixed(quantile(values, 0.99), digits)} ms`;
  const shown = (name: SubjectName): string => (figures.has(name) ? `${fixed(cpu(name), 2)} ms` : '–');
  return [
    [
      kind.name,
      String(many),
      spread(of('bare').acks, 1),
      spread(of('gonogo').acks, 1),
      spread(of('gonogo').opened, 0),
      shown('bare'),
      shown('one call'),
      shown('gonogo'),
      ratio(cpu('gonogo'), cpu('bare')),
      figures.has('one call') ? ratio(cpu('gonogo'), cpu('one call')) : '–',
    ],
  ];
}
