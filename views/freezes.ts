/** Freezes in words: to everybody when one begins or is lifted, and to whoever declared it when another ended it (WN-3). */

import type { FreezeNotice } from '../src/policy/calendar/freezes.ts';
import { context, type Rendered, section } from './blocks.ts';
import { scope } from './calendar.ts';
import { name } from './deployment-words.ts';
import { dateTime, inline, listOf, quote } from './text.ts';

/** Who, what, why and until when, for the channel of announcements. */
export function renderFreezeAnnounced({ freeze, lifted }: FreezeNotice): Rendered {
  const what = `${inline(freeze.id, 20)} · ${scope(freeze)}`;
  const reason = quote(freeze.reason, 300);
  if (lifted !== undefined) {
    const why = lifted.why === '' ? '' : `: ${quote(lifted.why, 300)}`;
    return said(
      `🟢 Freeze ${what} is lifted by ${name(lifted.by)}${why}`,
      `${name(freeze.by)} had declared it until ${dateTime(freeze.until)}: ${reason}. What waited for it starts at its time.`,
    );
  }
  const roles = listOf(
    freeze.overrides.map((role) => inline(role, 40)),
    'or',
  );
  return said(
    `🧊 Freeze ${what}, from ${dateTime(freeze.from)} until ${dateTime(freeze.until)} · ${name(freeze.by)}: ${reason}`,
    `Nothing starts there meanwhile; what rolls out goes on, and a rollback never waits.${roles === '' ? '' : ` For one deployment ${roles} may let it start.`}`,
  );
}

export function renderFreezeEnded(
  freeze: FreezeNotice['freeze'],
  lifted: NonNullable<FreezeNotice['lifted']>,
): Rendered {
  const why = lifted.why === '' ? '' : `: ${quote(lifted.why)}`;
  return said(
    `🧊 ${name(lifted.by)} ended your freeze ${inline(freeze.id, 20)} of ${scope(freeze)} (${quote(freeze.reason)})${why}`,
    'What waited for it starts at its time. If it must not, declare the freeze again: /deploy freeze …',
  );
}

function said(text: string, next: string): Rendered {
  return { text: `${text}\n${next}`, blocks: [section(text), context(next)] };
}
