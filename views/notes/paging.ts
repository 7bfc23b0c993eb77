/** Whoever is called by other ways than Slack. */

import { byName } from '../deployment-words.ts';
import { pagedNote, pagerFailedNote } from '../pager-words.ts';
import { SILENT, type SomeNotes } from './note.ts';

export const PAGING_NOTES = {
  paged: pagedNote,
  pager_called: SILENT,
  pager_failed: pagerFailedNote,
  page_taken: (_d, e) => `📟 ${byName(e.by)} has it`,
} satisfies SomeNotes;
