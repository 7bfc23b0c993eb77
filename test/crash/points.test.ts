import { describe, expect, it } from 'vitest';
import { type Reached, whatToDo } from './points.ts';

const end = (point: string, left: string, at = 0): Reached => ({ point, left, at, what: 'ended' });
const decided = (point: string, left: string, at: number, ends: Reached[]): Reached['what'] =>
  whatToDo({ point, left, at }, ends);

describe('whether a process is ended at a point', () => {
  it('K-8: is ended wherever no end before it left the same behind', () => {
    expect(decided('commit:after:D:1', 'b', 0, [end('commit:before:D:1', 'a')])).toBe('ended');
    expect(decided('effect:before:D:1', 'a', 0, [end('commit:after:D:1', 'a')])).toBe('same');
  });

  it('K-8: is ended where it comes back later, when something has fallen due', () => {
    expect(decided('answer:backend:D:1', 'a', 2, [end('commit:after:D:1', 'a', 1)])).toBe('ended');
  });

  it('K-8: is ended once at each kind of message, and at each commit', () => {
    const ends = [end('message:before:D:note:1', 'a'), end('message:before:D:dm:U0TOM000002', 'b')];
    expect(decided('message:before:D:note:12', 'c', 0, ends)).toBe('alike');
    expect(decided('message:before:D:dm:U0SANA00003', 'c', 0, ends)).toBe('alike');
    expect(decided('message:after:D:note:12', 'c', 0, ends)).toBe('ended');
    expect(decided('message:before:D:stage:1', 'c', 0, ends)).toBe('ended');
    expect(decided('commit:before:D:9', 'c', 0, [end('commit:before:D:1', 'a')])).toBe('ended');
  });
});
