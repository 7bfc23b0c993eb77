/** Up to where each person has read, kept in this browser so that a reload does not forget it. */
import type { Ts } from '../../protocol.ts';

type Marks = Record<string, Record<string, Ts>>;

const keyOf = (team: string) => `local-slack/${team}/read`;

export function loadMarks(team: string): Marks {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(team)) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Marks) : {};
  } catch {
    // Storage is refused in some private windows: then everything starts unread.
    return {};
  }
}

export function keepMarks(team: string, marks: Marks): void {
  try {
    localStorage.setItem(keyOf(team), JSON.stringify(marks));
  } catch {
    // As above: the marks live as long as the page.
  }
}
