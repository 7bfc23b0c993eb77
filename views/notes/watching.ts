/** What is only watched: who brought it is not asked here. */

import { WATCH_NOTES } from '../watched-words.ts';
import type { SomeNotes } from './note.ts';

export const WATCHING_NOTES = {
  watch_started: (d, { percent, previous: before }) => WATCH_NOTES.watch_started(d, percent, before),
  watch_moved: (_d, { percent }) => WATCH_NOTES.watch_moved(percent),
  watch_warned: (d, e) => WATCH_NOTES.watch_warned(d, e.because),
  watch_ended: WATCH_NOTES.watch_ended,
} satisfies SomeNotes;
