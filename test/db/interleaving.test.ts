import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Commit } from '../../src/conductor/ports/event-store.ts';
import { LostRace } from '../../src/conductor/ports/faults.ts';
import type { EventBody } from '../../src/deployment/events.ts';
import { commitOf, requestOf } from './examples.ts';
import { freshFile, open } from './places.ts';

const IDS = ['D-1001', 'D-1002', 'D-1003'] as const;

/** One writer decides on what it reads now, and commits `after` other moves later. */
const move = fc.record({
  writer: fc.constantFrom(0, 1),
  id: fc.constantFrom(...IDS),
  // Any text at all: what people type is hashed, kept and read back as it was.
  said: fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  after: fc.integer({ min: 0, max: 3 }),
});

it('AU-3: any interleaving of two writers leaves every deployment numbered without a gap, in a chain that holds', async () => {
  const file = freshFile();
  const writers = [await open(file), await open(file)] as const;

  async function play(moves: readonly (typeof move extends fc.Arbitrary<infer M> ? M : never)[]) {
    const expected = new Map<string, EventBody[]>();
    for (const id of IDS) expected.set(id, (await writers[0].events.events(id)).map(bodyOf));
    const pending: { turn: number; writer: 0 | 1; commit: Commit }[] = [];
    let turn = 0;
    const commitWhatIsDue = async () => {
      const due = pending.filter((one) => one.turn <= turn);
      for (const one of due) pending.splice(pending.indexOf(one), 1);
      await Promise.all(
        due.map(async ({ writer, commit }) => {
          try {
            await writers[writer].events.commit(commit);
            expected.get(commit.after.id)?.push(...commit.events);
          } catch (error) {
            if (!(error instanceof LostRace)) throw error;
          }
        }),
      );
    };
    for (const { writer, id, said, after } of moves) {
      const deployment = await writers[writer].events.load(id);
      const remarks = said.map(
        (message): EventBody => ({ type: 'backend_troubled', doing: 'apply', message }),
      );
      const commit = deployment ? commitOf(deployment, remarks) : requestOf(id, { service: id });
      pending.push({ turn: turn + after, writer: writer === 0 ? 0 : 1, commit });
      await commitWhatIsDue();
      turn += 1;
    }
    turn = Number.POSITIVE_INFINITY;
    await commitWhatIsDue();
    return expected;
  }

  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 12 }), async (moves) => {
      const expected = await play(moves);
      for (const [id, bodies] of expected) {
        const kept = await writers[0].events.events(id);
        expect(kept.map(({ seq }) => seq)).toEqual(bodies.map((_body, index) => index + 1));
        expect(kept.map(bodyOf)).toEqual(bodies);
        expect((await writers[1].events.load(id))?.seq ?? 0).toBe(bodies.length);
      }
      expect(await writers[1].events.verifyAll()).toMatchObject({ problems: [] });
    }),
    { numRuns: 25 },
  );
});

function bodyOf(event: EventBody): EventBody {
  const { deployment: _d, seq: _s, at: _a, by: _b, ...body } = event as EventBody & Record<string, unknown>;
  return body as EventBody;
}
