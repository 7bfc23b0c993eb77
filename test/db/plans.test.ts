import SQLite from 'better-sqlite3';
import { CompiledQuery, type Kysely } from 'kysely';
import { expect, it, vi } from 'vitest';
import { realWait } from '../../db/busy-retry.ts';
import { Connection } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/registry.ts';
import { storesOn } from '../../db/open.ts';
import type { Tables } from '../../db/schema.ts';
import { contentOf, faultOf, isBusy, isTaken, openSqlite, sqliteDdl } from '../../db/sqlite.ts';
import type { ListFilter } from '../../src/conductor/ports/event-store.ts';
import { LostRace } from '../../src/conductor/ports/faults.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { LIVE, STATUSES } from '../../src/deployment/lifecycle.ts';
import { HOUR } from '../../src/time.ts';
import { contractIn, SMALLEST } from '../contract/documents.ts';
import { commitOf, DANA, LOOKED, REMARK, requestOf, T0, TOM } from './examples.ts';

/** Whatever prepared a statement, and whoever runs it: what reaches SQLite. */
function listenTo(heard: (sql: string, parameters: unknown[]) => void): () => void {
  const probe = new SQLite(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<
    'all' | 'run',
    (...args: unknown[]) => unknown
  >;
  const spies = (['all', 'run'] as const).map((name) => {
    const original = prototype[name];
    return vi.spyOn(prototype, name).mockImplementation(function (this: SQLite.Statement, ...args) {
      heard(this.source, args.flat());
      return original.apply(this, args);
    });
  });
  probe.close();
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

/** As the first one was migrated. */
let migrated: Buffer | undefined;

async function emptyRecord(): Promise<Kysely<Tables>> {
  const db = openSqlite<Tables>(':memory:', undefined, migrated);
  if (migrated === undefined) await migrate(db, migrations(sqliteDdl));
  migrated ??= contentOf(db);
  return db;
}

/** How SQLite runs every statement that the stores execute for `act`, in its own words. */
async function plansOf(
  act: (stores: Stores) => Promise<unknown>,
): Promise<{ sql: string; plan: string[] }[]> {
  const db = await emptyRecord();
  const seen: { sql: string; parameters: unknown[] }[] = [];
  const stores = storesOn(
    new Connection({
      db,
      dialect: { isTaken, faultOf },
      busyRetry: { isBusy, wait: realWait, random: Math.random, tryCosts: 0 },
      now: () => T0,
      hooks: undefined,
    }),
  );
  const before = requestOf('D-1001', {
    effects: [
      { kind: 'apply', key: 'k', step: 0 },
      { kind: 'show', key: 's', message: { kind: 'card' }, news: 'milestone' },
    ],
  });
  await stores.events.commit(before);
  const stop = listenTo((sql, parameters) => seen.push({ sql, parameters }));
  await act(stores).finally(stop);
  const plans = [];
  for (const { sql, parameters } of seen) {
    if (!/^(select|with|insert|update|delete)/.test(sql)) continue;
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, parameters),
    );
    plans.push({ sql, plan: rows.map(({ detail }) => detail) });
  }
  await db.destroy();
  return plans;
}

/** Every deployment is read with what was seen of it since its last event. */
const WATCHED = [
  'CORRELATED SCALAR SUBQUERY 1',
  'SEARCH watches USING INDEX sqlite_autoindex_watches_1 (deployment=?)',
];

const MESSAGE = {
  deployment: 'D-1001',
  message: { kind: 'card' as const },
  wanted: 1,
  shown: 0,
  news: 'milestone' as const,
  since: T0,
  place: 'C',
};
const CHART = { deployment: 'D-1001', stage: 1, wanted: 1, leftover: [], attempts: 0 };
const PLACE = { channel: 'C', ts: '1', content: 'c', seq: 1 };
const FREEZE = { reason: 'r', from: T0, until: T0 + 1, overrides: [], by: TOM };
const LOCK = { service: 's', holder: TOM, reason: 'r', from: T0, until: T0 + 1 };
const RELEASE = { service: 's', version: 'v' };
const REPORT = { gate: 'g', status: 'passed' as const, at: T0, by: 'k' };
const ARTIFACT = { ...RELEASE, sha: 'a', digest: 'd', at: T0, by: 'k' };
const CONTRACT = {
  source: SMALLEST,
  contract: contractIn(SMALLEST),
  service: 's',
  environment: 'e',
  by: TOM,
};
const ANSWER = { channel: 'C', ts: '1', service: 's', suspects: [{ deployment: 'D-1001', score: 1 }] };
const FILTERS: Omit<ListFilter, 'limit'>[] = [
  {},
  { service: 's' },
  { environment: 'e' },
  { service: 's', environment: 'e' },
  { statuses: LIVE },
  { service: 's', statuses: LIVE },
  { environment: 'e', statuses: LIVE },
  { service: 's', environment: 'e', statuses: LIVE },
  { requestedBy: 'U', statuses: LIVE },
];

const ACTS: Record<string, (stores: Stores) => Promise<unknown>> = {
  'a new id': ({ events }) => events.nextId(),
  load: ({ events }) => events.load('D-1001'),
  'the events of one': ({ events }) => events.events('D-1001', 2),
  'a commit': ({ events }) =>
    events.commit(
      commitOf(requestOf('D-1001').after, [REMARK, REMARK], {
        inboxKey: 'i',
        effects: [
          { kind: 'apply', key: 'k2', step: 1 },
          { kind: 'show', key: 's', message: { kind: 'card' }, news: 'milestone' },
          { kind: 'show', key: 't', message: { kind: 'stage', stage: 1 }, news: 'milestone' },
        ],
      }),
    ),
  'a commit that came before': async ({ events }) => {
    await events.commit(requestOf('D-1', { inboxKey: 'i', service: 's' }));
    await events.commit(requestOf('D-2', { inboxKey: 'i' })).catch(() => 'as it should');
  },
  'a look': ({ events }) => {
    const { after } = requestOf('D-1001');
    const shows = [{ kind: 'card' as const }, { kind: 'stage' as const, stage: 1 }];

    // There is no watch yet, so it loses the race, after its first two statements.
    return events
      .measure({ before: after, after, look: LOOKED, at: T0, wakeAt: T0, shows })
      .catch((error: unknown) => expect(error).toBeInstanceOf(LostRace));
  },
  'the looks of one': ({ events }) => events.looks('D-1001'),
  snooze: ({ events }) => events.snooze('D-1001', 1, T0),
  due: ({ events }) => events.due(T0, 10, 'rest'),
  'due to be asked whether they are back': ({ events }) => events.due(T0, 10, 'rollback'),
  'what it was told is looked at': ({ events }) => events.heard({ id: 'D-1001', told: 1 }),
  'the newest event of all': ({ events }) => events.latestAt(),
  'whether it was handled': ({ events }) => events.handled('i'),
  occupant: ({ events }) => events.occupant('checkout', 'production'),
  verify: ({ events }) => events.verify('D-1001'),
  'where the record stands': ({ events }) => events.checkpoint(),
  'where one ended': ({ events }) => events.endedIn('D-1001'),
  'effects that are ready': ({ effects }) => effects.ready(T0, new Set(['x']), 10, 'rest'),
  'rollbacks that are ready': ({ effects }) => effects.ready(T0, new Set(['x']), 10, 'rollback'),
  'an effect done': ({ effects }) => effects.done('k'),
  'an effect dropped': ({ effects }) => effects.drop('k', 'p'),
  'an effect put off': ({ effects }) => effects.retryAt('k', T0, 'p'),
  'messages that are stale': ({ messages }) => messages.stale(T0, 10),
  'messages that wait, and the next': ({ messages }) => messages.waiting(T0, 10),
  'stale messages to be posted, outside some places': ({ messages }) =>
    messages.stale(T0, 10, { posted: false, outside: ['C'], noDirect: true, oldest: true }),
  'a message by key': ({ messages }) => messages.find('D-1001', 'card'),
  'a message by place': ({ messages }) => messages.at('C', '1'),
  'a message on its way': async ({ messages }) => {
    await messages.lost(MESSAGE);
    await messages.sending(MESSAGE, T0);
  },
  'a message shown': ({ messages }) => messages.shown(MESSAGE, PLACE),
  'a message put off': ({ messages }) => messages.retryAt(MESSAGE, T0, 'p'),
  'a message given up': ({ messages }) => messages.giveUp(MESSAGE, 'p'),
  'a message lost': ({ messages }) => messages.lost(MESSAGE),
  'a message again': ({ messages }) => messages.again(MESSAGE),
  'the next message': ({ messages }) => messages.nextAt(T0),
  'charts that are due': ({ charts }) => charts.due(T0, 10),
  'a chart': ({ charts }) => charts.find('D-1001', 1),
  'a chart kept': ({ charts }) => charts.keep(CHART, T0, 'p'),
  'a chart kept as it is shown': ({ charts }) => charts.keep(CHART, null),
  'an alert to answer': ({ alerts }) => alerts.claim(ANSWER, T0, [{ answers: 3, within: 1 }]),
  'an alert answered': ({ alerts }) => alerts.answered(ANSWER, '2'),
  'an alert that could not be answered': ({ alerts }) => alerts.release(ANSWER),
  'an alert claimed again': async ({ alerts }) => {
    await alerts.claim(ANSWER, T0);
    await alerts.claim(ANSWER, T0 + HOUR, [{ answers: 3, within: 1 }]);
  },
  'an alert that was covered': async ({ alerts }) => {
    await alerts.claim({ ...ANSWER, ts: '0' }, T0);
    await alerts.claim(ANSWER, T0, [{ answers: 1, within: 1 }]);
    await alerts.claim(ANSWER, T0 + HOUR);
  },
  'alerts that nobody answered': ({ alerts }) => alerts.unsaid(T0),
  'the next alert that nobody answered': ({ alerts }) => alerts.nextUnsaidAt(T0),
  'an answer to an alert': ({ alerts }) => alerts.find('C', '2'),
  'the answer to an alert': ({ alerts }) => alerts.to('C', '1'),
  'how right answers to alerts were': ({ alerts }) => alerts.suspected(T0, T0 + HOUR),
  'a rollback that an answer began': ({ alerts }) => alerts.began(ANSWER, 'D-1'),
  'rollbacks whose end is not told below their alert': ({ alerts }) => alerts.begun(),
  'the end that is told below an alert': ({ alerts }) =>
    alerts.ended({ channel: 'C', answerTs: '2', deployment: 'D-1' }),
  'a button below an alert': ({ alerts }) =>
    alerts.pressed(ANSWER, { kind: 'holds', deployment: 'D-1', by: TOM, at: T0 }),
  'buttons below alerts whose decision is not shown': ({ alerts }) => alerts.unshown(),
  'a decision that is shown below an alert': ({ alerts }) => alerts.shown(ANSWER),
  'no deployment did it': ({ alerts }) => alerts.notADeployment(ANSWER, TOM, T0),
  'a person': ({ people }) => people.get('U1'),
  'a person kept': ({ people }) => people.put('U1', {}, T0),
  'what was taught about a place': ({ events }) => events.judgeHistory({ service: 's', environment: 'e' }),
  'what has not started, woken': ({ events }) => events.wakeNotStarted(),
  'freezes and locks that stand': ({ calendar }) => calendar.standing(T0),
  'a freeze': ({ calendar }) => calendar.freeze(FREEZE, T0),
  'a freeze lifted': async ({ calendar }) =>
    calendar.lift((await calendar.freeze(FREEZE, T0)).id, TOM, 'done', T0),
  'a lock': ({ calendar }) => calendar.lock(LOCK, []),
  'a lock taken over': async ({ calendar }) => {
    const taken = await calendar.lock(LOCK, []);
    await calendar.lock({ ...LOCK, holder: DANA }, taken.ok ? [taken.lock.id] : []);
  },
  'a lock given back': async ({ calendar }) => {
    await calendar.lock(LOCK, []);
    await calendar.release('L-1', TOM, T0);
  },
  'notices about locks': ({ calendar }) => calendar.notices(T0, 10),
  'the next notice about a lock': ({ calendar }) => calendar.nextNoticeAt(),
  'a notice told': async ({ calendar }) => {
    await calendar.lock(LOCK, []);
    await calendar.told('L-1', LOCK.until);
  },
  'a notice put off': ({ calendar }) => calendar.postponeNotice('L-1', T0),
  'the log of the calendar': ({ calendar }) => calendar.log(10),
  'a report': async ({ releases }) => {
    await releases.report(RELEASE, REPORT, T0);
    await releases.report(RELEASE, { ...REPORT, at: T0 + 1 }, T0);
  },
  'the reports that count': ({ releases }) => releases.reports(RELEASE),
  'an artifact': ({ releases }) => releases.artifact(RELEASE),
  'the newest artifact of a service': ({ releases }) => releases.newest(RELEASE.service),
  'an artifact registered, completed and refused': async ({ releases }) => {
    await releases.register(ARTIFACT, T0);
    await releases.register({ ...ARTIFACT, checksumVerified: true }, T0);
    await releases.register({ ...ARTIFACT, digest: 'another' }, T0);
  },
  'attempts to replace an artifact': ({ releases }) => releases.refusals(RELEASE),
  'a contract imported, posted and accepted': async ({ contracts }) => {
    await contracts.import(CONTRACT, T0);
    await contracts.import({ ...CONTRACT, source: 'another' }, T0);
    await contracts.posted('C-1', { channel: 'C', ts: '1' });
    await contracts.accept('C-1', { by: TOM, moves: {} }, T0);
  },
  'a contract': ({ contracts }) => contracts.find('C-1'),
  'the source of a contract': ({ contracts }) => contracts.source('C-1'),
  'the newest contracts': ({ contracts }) => contracts.list(10),
  'a signature': ({ signatures }) => signatures.use('aa'),
  'a notice of what does not go by itself': async ({ automaticNotices }) => {
    const place = { service: 's', environment: 'e' };
    await automaticNotices.begin(place, 'v2.1.0 stopped', T0);
    await automaticNotices.begin(place, 'v2.1.1 stopped', T0);
    await automaticNotices.said(place);
    await automaticNotices.last(place);
  },
  pruning: ({ prune }) => prune(T0),
};
ACTS['all of some services in an environment'] = ({ events }) =>
  events.inEnvironment('e', ['s', 't'], ['rolling_out', 'held']);
ACTS['what started in a period'] = ({ events }) => events.started({ from: 0, until: T0, limit: 10 });
ACTS['what of a service started in a period, a page further'] = ({ events }) =>
  events.started({ from: 0, until: T0, service: 's', after: { startedAt: T0, id: 'D-9' }, limit: 10 });
ACTS['who carries out a contract'] = ({ events }) => events.underContract('C-1');
ACTS['what is owed'] = ({ events }) => events.list({ owesApproval: true, limit: 10 });
ACTS['whether a version has been anywhere'] = ({ events }) =>
  events.list({ service: 's', version: 'v', statuses: STATUSES, limit: 1 });
ACTS['where a version has been'] = ({ events }) =>
  events.list({ service: 's', environment: 'e', version: 'v', statuses: ['observing'], limit: 1 });
for (const filter of FILTERS) {
  for (const more of [{}, { before: 'D-9' }, { waitingFor: TOM.id }]) {
    const all = { ...filter, ...more, limit: 10 };
    ACTS[`a list by ${Object.keys(all).join(', ')}`] = ({ events }) => events.list(all);
  }
}

/** An audit reads every row, once: nothing that a person waits for does. */
const READS_ALL = ({ events }: Stores) => events.verifyAll();

it('AU-3: an audit of the whole record sorts nothing, so that its memory does not grow with it', async () => {
  const plans = await plansOf(READS_ALL);
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter(({ plan }) => plan.some((step) => step.includes('TEMP B-TREE')))).toEqual([]);
});

it('every store method is among those whose plans are read', async () => {
  const { close: _, prune: __, problem: ___, refold: ____, ...stores } = storesOn({} as Connection);
  const methods = Object.values(stores).flatMap((store) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(store)).filter((name) => name !== 'constructor'),
  );
  const source = [...Object.values(ACTS), READS_ALL].join('\n');
  expect(methods.filter((name) => !source.includes(`.${name}(`))).toEqual([]);
});

/** What a subquery yields is read to its end: how that finds its rows is in the plan as well. */
function isScanOfTable(step: string, plan: readonly string[]): boolean {
  const of = /^SCAN (?!CONSTANT ROW|\d+-ROW VALUES)(\S+)/.exec(step)?.[1];
  return of !== undefined && !plan.includes(`CO-ROUTINE ${of}`);
}

it.each(Object.entries(ACTS))(
  '%s reads no table from end to end, and is planned once',
  async (_what, act) => {
    const plans = await plansOf(act);
    expect(plans.length).toBeGreaterThan(0);
    const scans = plans.filter(({ plan }) => plan.some((step) => isScanOfTable(step, plan)));
    expect(scans).toEqual([]);
    // A limit that SQLite sees has it plan anew at each run.
    expect(plans.filter(({ sql }) => /limit \?/.test(sql))).toEqual([]);
  },
);

it.each(
  FILTERS.map((filter): [string, Omit<ListFilter, 'limit'>] => [
    Object.keys(filter).join(', ') || 'nothing',
    filter,
  ]),
)('a list by %s walks one index per status, and sorts nothing', async (_what, filter) => {
  const equal = [
    ...('service' in filter ? ['service'] : []),
    ...('environment' in filter ? ['environment'] : []),
    ...('requestedBy' in filter ? ['requester_id'] : []),
    ...('statuses' in filter ? ['status'] : []),
  ];
  const index = equal.length === 0 ? 'sqlite_autoindex_deployments_2' : `deployments_by_${equal.join('_')}`;
  const terms = [...equal.map((column) => `${column}=?`), 'number<?'].join(' AND ');
  const plans = await plansOf(({ events }) => events.list({ ...filter, limit: 10 }));
  const walks = plans.filter(({ plan }) => !/\((?:number|id)=\?\)$/.test(plan[0] ?? ''));
  expect(walks).toHaveLength(filter.statuses ? LIVE.size : 1);
  // Whatever the walks found, states are read once, and as many as are shown.
  expect(plans.length - walks.length).toBeLessThanOrEqual(1);
  for (const { plan } of walks) {
    expect(plan).toEqual([`SEARCH deployments USING COVERING INDEX ${index} (${terms})`]);
  }
});

it("a person's list is a look-up in the sign-offs that are missing, in order already", async () => {
  const plans = await plansOf(({ events }) => events.list({ waitingFor: TOM.id, limit: 10 }));
  const [walk, ...states] = plans.map(({ plan }) => plan);
  expect(walk).toEqual([
    'SEARCH waiting USING COVERING INDEX waiting_people_by_person (person=? AND number<?)',
    expect.stringMatching(
      /^SEARCH deployments USING COVERING INDEX sqlite_autoindex_deployments_\d \(id=\?\)$/,
    ),
  ]);
  // The state of the one that was found, by what is kept of it.
  expect(states.map(([first]) => first)).toEqual([
    'SEARCH deployments USING INDEX sqlite_autoindex_deployments_1 (id=?)',
  ]);
});

it('what is due is found in an index of what waits, and of nothing else', async () => {
  const searches = async (lane: 'rest' | 'rollback') =>
    (await plansOf(({ events }) => events.due(T0, 1, lane))).map(({ plan }) =>
      plan.filter((step) => step.startsWith('SEARCH')),
    );
  const found = (index: string) =>
    ['<', '>'].flatMap((sign) => [
      `SEARCH deployments USING INDEX ${index}${sign}?)`,
      'SEARCH watches USING INDEX sqlite_autoindex_watches_1 (deployment=?)',
    ]);
  expect(await searches('rest')).toEqual([found('deployments_by_wake_at (wake_at')]);
  expect(await searches('rollback')).toEqual([found('deployments_by_status_wake_at (status=? AND wake_at')]);
});

it('GT-8: where a version has been is asked of an index that ends at it', async () => {
  const place = { service: 's', environment: 'e', version: 'v' };
  const [found] = await plansOf(({ events }) => events.list({ ...place, statuses: ['observing'], limit: 1 }));
  expect(found?.plan.join(' ')).toContain('deployments_by_service_environment_version_status');
});

it('GT-1: the report that counts, and what it wakes, are found in an index each', async () => {
  const [found] = await plansOf(({ releases }) => releases.reports(RELEASE));
  const index = 'gate_reports_by_release';
  expect(found?.plan).toEqual([
    `SEARCH it USING INDEX ${index} (service=? AND version=?)`,
    expect.stringMatching(/^CORRELATED SCALAR SUBQUERY/),
    expect.stringContaining(
      `SEARCH later USING COVERING INDEX ${index} (service=? AND version=? AND gate=? AND sha=?`,
    ),
  ]);
  const woken = (await plansOf(({ releases }) => releases.report(RELEASE, REPORT, T0))).at(-1);
  expect(woken?.plan).toEqual([
    'SEARCH deployments USING INDEX deployments_by_service_version_status (service=? AND version=? AND status=?)',
  ]);
  const release = { service: 's', version: 'v', statuses: STATUSES, limit: 1 };
  const anywhere = await plansOf(({ events }) => events.list(release));
  for (const { plan } of anywhere) expect(plan.join(' ')).toContain('deployments_by_service_version_status');
});

it('WN-2: who is on the way is looked up by service, environment and status, and not cut at a page', async () => {
  const [found] = await plansOf(({ events }) => events.inEnvironment('e', ['s', 't'], ['held', 'observing']));
  expect(found?.plan).toEqual([
    'SEARCH deployments USING INDEX deployments_by_service_environment_status (service=? AND environment=? AND status=?)',
    ...WATCHED,
  ]);
  expect(found?.sql).not.toContain('limit');
});

it('HO-4: the deployment of a contract is looked up by it', async () => {
  const [found] = await plansOf(({ events }) => events.underContract('C-1'));
  expect(found?.plan).toEqual([
    'SEARCH deployments USING INDEX deployments_by_contract (contract=?)',
    ...WATCHED,
  ]);
});
