/** Going back with a changed database: what it breaks is said, and asked a second time of the same person (RB-4). */

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/deployment/decide.ts';
import type { Intent } from '../../src/deployment/intents.ts';
import { envelopeHash } from '../../src/deployment/request/envelope.ts';
import type { Details } from '../../src/terms/change.ts';
import type { Safeguards } from '../../src/terms/safeguards.ts';
import { renderActionNeeded } from '../../views/action-needed.ts';
import { renderCard } from '../../views/card.ts';
import { databaseOnRollback } from '../../views/deployment-words.ts';
import { rollBackButton } from '../../views/rollback-buttons.ts';
import { backend, DANA, details, facts, inShort, OMAR, omar, paul, safeguards } from './builders.ts';
import { observed, type Point, type World, worldAt } from './world.ts';

type Database = Details['database'];

const at = (point: Point, database: Database, breaking?: Safeguards['breaking']): World =>
  worldAt(point, {
    details: details({ database }),
    safeguards: safeguards(breaking === undefined ? {} : { breaking }),
  });
const click = { kind: 'roll_back', why: 'alerts' } as const;
const again = { ...click, breaksData: 'accepted' } as const;
const failing = (world: World) =>
  world.tell(observed(world.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);

describe('RB-4: a click on Roll back', () => {
  it.each<[Database, string]>([
    ['none', 'accepted rollback_started'],
    ['additive', 'accepted rollback_started'],
    ['breaking', 'refused breaks_data'],
    ['data_migration', 'refused breaks_data'],
  ])('with a change of the database that is %s: %s', (database, outcome) => {
    expect(inShort(at('watching', database).tell(click, omar))).toBe(outcome);
  });

  it.each<[Database, RegExp]>([
    [
      'breaking',
      /^Rolling back checkout v2\.1\.0 breaks data: .*recovered to a point in time.*lost with it\.$/,
    ],
    ['data_migration', /breaks data: .*until the reverse script has run/],
  ])('says what breaks: %s', (database, says) => {
    expect(at('watching', database).ask(click, omar)).toMatchObject({ message: expect.stringMatching(says) });
  });

  it('goes back at the second answer of the same person, keeps what was accepted, and calls the others', () => {
    const world = at('watching', 'breaking');
    expect(inShort(world.tell(again, omar))).toBe('accepted rollback_started');
    expect(world.events.at(-1)).toMatchObject({ breaks: expect.stringContaining('point in time'), by: OMAR });
    expect(world.d.rollout?.actionsNeeded.at(-1)).toMatchObject({ about: 'rollback', people: [DANA] });
    const event = world.events.at(-1);
    if (event?.type !== 'rollback_started') throw new Error('not begun');
    expect(renderActionNeeded(world.d, event).text).toMatch(
      /Rolled back by Omar.*See to the database now\./s,
    );
    expect(renderCard(world.d).text).toContain(databaseOnRollback(world.d));
  });

  it('is still only for who may', () => {
    expect(inShort(at('watching', 'breaking').ask(again, paul))).toBe(
      'refused not_allowed + attempt_refused',
    );
  });

  it('asks no second time where nothing ran before: there is no old version that could meet it', () => {
    const world = at('scheduled', 'breaking');
    const empty = { stable: null, health: 'unknown' } as const;
    world.observe(empty);
    world.tell({ kind: 'accept_drift', seen: world.d.start.drift?.seq ?? 0 }, omar);
    world.observe(empty);
    expect(inShort(world.tell(click, omar))).toBe('accepted rollback_started');
  });

  it('asks the same of what was handed over', () => {
    const of = at('handed_over', 'data_migration').d;
    const known = facts(omar, { running: 'v2.1.0', takeBack: { of } });
    const take = (intent: Partial<Intent>) =>
      inShort(decide(undefined, { kind: 'take_back', of: of.id, why: 'alerts', ...intent } as Intent, known));
    expect(take({})).toBe('refused breaks_data');
    expect(take({ breaksData: 'accepted' })).toBe('accepted requested taken_back');
  });
});

describe('RB-4: what is declared of the database beside its kind', () => {
  const declared = (database: Database, more: Partial<Details>): World =>
    worldAt('watching', { details: details({ database, ...more }) });
  const answer = (database: Database, more: Partial<Details>): string =>
    inShort(declared(database, more).ask(click, omar));

  // What would come back is v2.0.4.
  it.each<[Database, string | undefined, string]>([
    ['none', 'v2.0.5', 'accepted rollback_started'],
    ['additive', 'v2.0.4', 'accepted rollback_started'],
    ['additive', 'v2.0.5, v2.0.6', 'refused breaks_data'],
    ['breaking', 'v2.0.3 v2.0.4', 'accepted rollback_started'],
    ['breaking', 'v2.0.5', 'refused breaks_data'],
    ['data_migration', 'v2.0.5;v2.0.4', 'accepted rollback_started'],
    ['data_migration', 'v2.0.5', 'refused breaks_data'],
    ['data_migration', '  ', 'refused breaks_data'],
  ])('decides: %s, with the versions "%s" that work with it: %s', (database, compatible, outcome) => {
    expect(answer(database, { compatible })).toBe(outcome);
  });

  it('a version outside the compatible ones is said so, with those there are', () => {
    expect(declared('additive', { compatible: 'v2.0.5 v2.0.6' }).ask(click, omar)).toMatchObject({
      message: expect.stringContaining(
        'v2.0.4 is not among the versions that were declared to work with the changed database (v2.0.5, v2.0.6)',
      ),
    });
  });

  it('names the reverse script in the second question, in the confirmation and on the card', () => {
    const world = declared('data_migration', { reverseScript: 'undo-42.sql' });
    expect(world.ask(click, omar)).toMatchObject({
      message: expect.stringContaining('until the reverse script has run (undo-42.sql)'),
    });
    expect(rollBackButton(world.d).confirm?.text.text).toContain('reverse script besides (undo-42.sql)');
    const asked = worldAt('preparing', {
      details: details({ database: 'data_migration', reverseScript: 'undo-42.sql' }),
    });
    expect(renderCard(asked.d).text).toContain('database: data migration, reverse script: undo-42.sql');
  });

  it('says that none was named where none was', () => {
    expect(declared('data_migration', {}).ask(click, omar)).toMatchObject({
      message: expect.stringContaining('(none was named)'),
    });
  });

  it.each<[Database, Partial<Details>, string]>([
    ['none', {}, ''],
    ['additive', {}, 'The additive database change stays, and so does what was written since.'],
    [
      'additive',
      { compatible: 'v2.0.4' },
      'v2.0.4 was declared to work with the changed database. The additive',
    ],
    ['additive', { compatible: 'v2.0.5' }, '⚠️ v2.0.4 is not among the versions that were declared to work'],
    ['breaking', {}, 'point-in-time recovery besides'],
    ['data_migration', {}, 'needs its reverse script besides.'],
  ])('the confirmation says what becomes of it: %s %o', (database, more, says) => {
    const text = rollBackButton(declared(database, more).d).confirm?.text.text ?? '';
    expect(text).toContain(says);
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text.endsWith('…')).toBe(false);
    if (database === 'none') expect(text).not.toMatch(/database/);
  });

  it('the longest names there are leave the confirmation within what Slack shows', () => {
    const long = 'v'.padEnd(100, '9');
    const world = declared('data_migration', {
      compatible: long,
      reverseScript: `https://ci/${'x'.repeat(290)}`,
    });
    expect(rollBackButton(world.d).confirm?.text.text.length).toBeLessThanOrEqual(300);
  });

  it('CH-7: is signed with the database, and another declaration is another thing to sign', () => {
    const hashOf = (database: Database, more: Partial<Details>) =>
      envelopeHash(declared(database, more).d.terms);
    expect(hashOf('breaking', { compatible: 'v2.0.4' })).not.toBe(hashOf('breaking', {}));
    expect(hashOf('data_migration', { reverseScript: 'a' })).not.toBe(
      hashOf('data_migration', { reverseScript: 'b' }),
    );
    // What is left over from another choice is nobody's declaration.
    expect(hashOf('none', { compatible: 'v2.0.4', reverseScript: 'a' })).toBe(hashOf('none', {}));
    expect(hashOf('breaking', { compatible: 'v2.0.4, v2.0.3' })).toBe(
      hashOf('breaking', { compatible: 'v2.0.4 v2.0.3' }),
    );
  });

  it('the engine goes by it as well', () => {
    const going = (compatible: string) =>
      inShort(
        failing(
          worldAt('watching', {
            details: details({ database: 'breaking', compatible }),
            safeguards: safeguards({ breaking: 'hold_and_page' }),
          }),
        ),
      );
    expect(going('v2.0.4')).toBe('accepted rollback_started');
    expect(going('v2.0.5')).toBe('accepted held');
  });
});

describe('RB-4: a rollback by itself', () => {
  it.each<[Database, Safeguards['breaking'], string]>([
    ['none', 'hold_and_page', 'accepted rollback_started'],
    ['additive', 'hold_and_page', 'accepted rollback_started'],
    ['breaking', undefined, 'accepted rollback_started'],
    ['breaking', 'roll_back', 'accepted rollback_started'],
    ['breaking', 'hold_and_page', 'accepted held'],
    ['data_migration', 'hold_and_page', 'accepted held'],
  ])('with a change of the database that is %s, and the policy %s: %s', (database, policy, outcome) => {
    expect(inShort(failing(at('watching', database, policy)))).toBe(outcome);
  });

  it('that is left to people calls lead and on-call, stays held, and is theirs to do', () => {
    const world = at('watching', 'breaking', 'hold_and_page');
    failing(world);
    expect(world.d.rollout?.hold?.reason).toMatch(
      /^its health check is failing\. It is not rolled back by itself: the old version does not work/,
    );
    expect(world.d.rollout?.actionsNeeded.at(-1)?.people).toEqual([DANA, OMAR]);
    expect(renderCard(world.d).text).toContain(
      'and is not rolled back by itself, because that would break data',
    );
    expect(inShort(failing(world.pass(1000)))).toBe('unchanged');
    expect(inShort(world.tell(again, omar))).toBe('accepted rollback_started');
  });

  it('that is left to people asks once while a complete one is observed', () => {
    const world = at('observing', 'breaking', 'hold_and_page');
    const bad = () => world.tell(observed(world.now, { stable: 'v2.1.0', health: 'failing' }), backend);
    expect(inShort(bad())).toBe('accepted observation_unsettled');
    world.pass(1000);
    expect(inShort(bad())).toBe('unchanged');
  });

  it('by the judge goes the same way', () => {
    const world = at('watching', 'breaking', 'hold_and_page');
    world.pass(60_000);
    expect(inShort(world.look({ errors: 900 }))).toBe('accepted looked held');
  });
});
