/** What is only watched: who brought it is not asked here. */

import { WATCH_NOTES } from '../watched-words.ts';
import type { Notes } from './note.ts';

export const WATCHING_NOTES: Notes<'watch_started' | 'watch_moved' | 'watch_warned' | 'watch_ended'> = {
  watch_started: (d, { percent, previous: before }) => WATCH_NOTES.watch_started(d, percent, before),
  watch_moved: (_d, { percent }) => WATCH_NOTES.watch_moved(percent),
  watch_warned: (d, e) => WATCH_NOTES.watch_warned(d, e.because),
  watch_ended: WATCH_NOTES.watch_ended,
};
