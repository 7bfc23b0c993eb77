/** Whoever is called by other ways than Slack. */

import { byName } from '../deployment-words.ts';
import { pagedNote, pagerFailedNote } from '../pager-words.ts';
import { type Notes, SILENT } from './note.ts';

export const PAGING_NOTES: Notes<'paged' | 'pager_called' | 'pager_failed' | 'page_taken'> = {
  paged: pagedNote,
  pager_called: SILENT,
  pager_failed: pagerFailedNote,
  page_taken: (_d, e) => `📟 ${byName(e.by)} has it`,
};
