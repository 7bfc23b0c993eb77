/** What can go wrong at a backend, and what every adapter makes of it: one table, in which none may be left out. */

import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import { BackendError, type Observation } from '../../src/backends/port.ts';
import { DAY, type Duration, SECOND } from '../../src/time.ts';
import { type BackendSubject, failure, give, share, shareOf } from './conformance/subject.ts';

/** In seconds, as a server that is busy says it. */
export const ASKED_TO_WAIT = 40;

/** `final`: a person must decide. `again`: it is tried again, and held after 5 minutes. */
interface Outcome {
  step: 'final' | 'again';
  /** A rollback is given up only where no trying could ever help. */
  back?: 'again';
  wait?: Duration;
}

const OUTCOMES = {
  'the credentials are not accepted (401)': { step: 'final', back: 'again' },
  'a permission is missing (403)': { step: 'final', back: 'again' },
  'there is no such thing (404)': { step: 'final' },
  'it is in conflict with another, without end (409)': { step: 'again', back: 'again' },
  'what was told is invalid there (422)': { step: 'final' },
  'it is busy, and says until when (429)': { step: 'again', back: 'again', wait: ASKED_TO_WAIT * SECOND },
  'it fails (503)': { step: 'again', back: 'again' },
  'it does not answer in time': { step: 'again', back: 'again' },
  'its answer is huge': { step: 'again', back: 'again' },
  'its answer is not as agreed': { step: 'again', back: 'again' },
} as const satisfies Record<string, Outcome>;

/** Makes it go wrong for every call, until what it returns is called. */
export interface Fault {
  begin(): Mend | Promise<Mend>;
  /** In the words that people read. */
  words: RegExp;
}
/** Seconds are milliseconds until what it returns is called: nobody waits for what never comes. */
export function hurried(): () => void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const spies = [
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / SECOND)),
    vi.spyOn(Socket.prototype, 'setTimeout').mockImplementation(function (this: Socket, ms, callback) {
      setTimeout(() => callback?.(), ms / SECOND).unref();
      return this;
    }),
  ];
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

export interface StandsStill {
  isHeld: Promise<void>;
  letGo(): void;
}

/** `hold` is waited for where the command would go out. */
export function standingStill(): StandsStill & { hold(): Promise<void> } {
  let isThere = (): void => {};
  let letGo = (): void => {};
  const isHeld = new Promise<void>((resolve) => {
    isThere = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    isHeld,
    letGo: () => letGo(),
    hold() {
      isThere();
      return gone;
    },
  };
}

interface Deleted {
  words: RegExp;
  /** `done`: of what is left all goes back. */
  back: 'refused' | 'done';
}

type Mend = () => void | Promise<void>;

type Outcomes = keyof typeof OUTCOMES;

export type Faults = Record<Outcomes, Fault> & {
  /** The next command is carried out, and its answer is lost; until what it returns is called. */
  losesAnswer(): Mend | Promise<Mend>;
  /** Keeps the next command on its way until it is let go, as a process keeps it that is stopped just then. */
  standsStill(): StandsStill;
  /** While it is waited for, the watch is cut. */
  cutsWatch(): void;
  /** Takes away what is deployed to, or a part of it; what people read of it, and whether a rollback is possible all the same. */
  deleted(): Deleted | Promise<Deleted>;
  /** Somebody else changes what runs, once the new version has a share; what is seen then. */
  changedByAnother(): Partial<Observation> | Promise<Partial<Observation>>;
  /** The clock of what is deployed to is so much ahead; it may refuse commands because of that, in these words. */
  clockAhead(by: Duration): undefined | { refused: RegExp; mend: () => void };
};

/** `cannot`: a sentence for each that cannot happen there; the others have to be in the subject. */
export function testFaults<K extends keyof Faults>(
  name: string,
  cannot: Readonly<Record<K, string>>,
  makeSubject: () => Promise<BackendSubject & { faults: Omit<Faults, K> }>,
): void {
  const reasons: Readonly<Partial<Record<keyof Faults, string>>> = cannot;

  describe(`what goes wrong at ${name}`, () => {
    let subject: BackendSubject & { faults: Faults };
    beforeEach(async () => {
      // Of what cannot happen there, no test is run.
      subject = (await makeSubject()) as typeof subject;
    });
    afterEach(async () => {
      await subject.close();
    });

    function tries(fault: keyof Faults, title: string, run: () => Promise<void>): void {
      const reason = reasons[fault];
      if (reason === undefined) it(title, run);
      else it.skip(`${title} (cannot happen there: ${reason})`);
    }

    for (const [title, outcome] of Object.entries(OUTCOMES) as [Outcomes, Outcome][]) {
      tries(
        title,
        `K-9: ${title}: it has a definite outcome, and the same key works once the reason is gone`,
        async () => {
          const { backend, change, faults } = subject;
          const { begin, words } = faults[title];
          const mend = await begin();
          const step = await failure(backend.apply(change, give(subject, 5), 'a'));
          expect(step.message).toMatch(words);
          expect(waitIn(step)).toBe(outcome.wait);
          const back = await failure(backend.rollback(change, change.previous, 'b'));
          expect(step.final).toBe(outcome.step === 'final');
          if ('back' in outcome) expect(back.final).toBe(false);
          await mend();
          await backend.apply(change, give(subject, 5), 'a');
          await subject.settle();
          expect(share(await backend.observe(change), change.version)).toBe(shareOf(subject, 5));
        },
      );
    }

    tries(
      'losesAnswer',
      'RB-1: a command whose answer is lost is carried out once, however often it is told again',
      async () => {
        const { faults, backend, change } = subject;
        const mend = await faults.losesAnswer();
        expect(await failure(backend.apply(change, give(subject, 5), 'a'))).toMatchObject({ final: false });
        await mend();
        const other = (await subject.reopen?.()) ?? backend;
        for (const one of [backend, other]) await told(one.apply(change, give(subject, 5), 'a'));
        await subject.settle();
        expect(share(await other.observe(change), change.version)).toBe(shareOf(subject, 5));
        expect(await subject.carriedOut?.()).toBe(1);
      },
    );

    tries(
      'standsStill',
      'RB-1: a process that stood still with a command, which another has told meanwhile and taken back, does nothing more when it goes on',
      async () => {
        const { faults, backend, change } = subject;
        const { isHeld, letGo } = faults.standsStill();
        const late = backend.apply(change, give(subject, 25), 'a').catch((error: unknown) => error);
        await isHeld;
        const other = await subject.reopen?.();
        if (other === undefined) throw new Error('there is no other process');
        await other.apply(change, give(subject, 25), 'a');
        await other.rollback(change, change.previous, 'b');
        letGo();
        await late;
        await subject.settle();
        const back = { stable: change.previous, canary: null, weight: 0 };
        expect(await other.observe(change)).toMatchObject(back);
        await backend.apply(change, give(subject, 25), 'a').catch((error: unknown) => error);
        await subject.settle();
        expect(await other.observe(change)).toMatchObject(back);
      },
    );

    tries('cutsWatch', 'K-9: a watch that is cut goes on, and the command is told once', async () => {
      const { faults, backend, change } = subject;
      faults.cutsWatch();
      await backend.apply(change, give(subject, 100), 'a');
      await subject.settle();
      expect(share(await backend.observe(change), change.version)).toBe(100);
      expect(await subject.carriedOut?.()).toBe(1);
    });

    tries(
      'deleted',
      'K-9: what is deleted meanwhile is told by its name, and no command to it counts as done',
      async () => {
        const { faults, backend, change } = subject;
        await backend.apply(change, give(subject, 25), 'a');
        await subject.settle();
        const { words, back } = await faults.deleted();
        const seen = await backend.observe(change).catch((error: unknown) => {
          if (error instanceof BackendError) return { problem: error.message };
          throw error;
        });
        expect(seen.problem).toMatch(words);
        expect((await failure(backend.apply(change, give(subject, 50), 'b'))).message).toMatch(words);
        const goesBack = backend.rollback(change, change.previous, 'c');
        if (back === 'refused') return expect((await failure(goesBack)).message).toMatch(words);
        await goesBack;
        await subject.settle();
        const gone = { stable: change.previous, canary: null, weight: 0, health: 'passing' };
        expect(await backend.observe(change)).toMatchObject({
          ...gone,
          problem: expect.stringMatching(words),
        });
      },
    );

    tries(
      'changedByAnother',
      'CH-6, K-9: what somebody else changes is seen as it is, also by who only watches, and left',
      async () => {
        const { faults, backend, change } = subject;
        await backend.apply(change, give(subject, 25), 'a');
        await subject.settle();
        const there = await faults.changedByAnother();
        const commands = await subject.carriedOut?.();
        expect(await backend.observe({ ...change, watchOnly: true })).toMatchObject(there);
        expect(await backend.observe(change)).toMatchObject(there);
        await backend.apply(change, give(subject, 25), 'a');
        expect(await backend.observe(change)).toMatchObject(there);
        expect(await subject.carriedOut?.()).toBe(commands);
      },
    );

    for (const by of [DAY, -DAY]) {
      const off = by > 0 ? 'ahead' : 'behind';
      tries('clockAhead', `K-9: a clock that is a day ${off} changes nothing, or is named`, async () => {
        const { faults, backend, change } = subject;
        const named = faults.clockAhead(by);
        if (named !== undefined) {
          const { message } = await failure(backend.apply(change, give(subject, 25), 'a'));
          named.mend();
          expect(message).toMatch(named.refused);
        }
        await backend.apply(change, give(subject, 25), 'a');
        await subject.settle();
        expect(share(await backend.observe(change), change.version)).toBe(shareOf(subject, 25));
        await backend.rollback(change, change.previous, 'b');
        await subject.settle();
        expect(await backend.observe(change)).toMatchObject({
          stable: change.previous,
          canary: null,
          weight: 0,
        });
      });
    }
  });
}

/** What nobody is certain of yet is told again until it is. */
async function told(command: Promise<void>): Promise<void> {
  await command.catch((error: unknown) => {
    if (!(error instanceof BackendError) || error.final) throw error;
  });
}
