/** The limits of views. */
import { chars, type Edge, inHome, inModal, many, modal, plain } from './edge.ts';

export const OF_VIEWS: readonly Edge[] = [
  inModal('the title of a modal', 24, '/title/text', (n) => modal({ title: plain(chars(n)) })),
  inModal('the submit button of a modal', 24, '/submit/text', (n) => modal({ submit: plain(chars(n)) })),
  inModal('the close button of a modal', 24, '/close/text', (n) => modal({ close: plain(chars(n)) })),
  inModal('the private metadata of a modal', 3000, '/private_metadata', (n) =>
    modal({ private_metadata: chars(n) }),
  ),
  inModal('the callback id of a modal', 255, '/callback_id', (n) => modal({ callback_id: chars(n) })),
  inModal('the blocks of a modal', 100, '/blocks', (n) =>
    modal({ blocks: many(n, () => ({ type: 'divider' })) }),
  ),
  inHome('the private metadata of a Home', 3000, '/private_metadata', (n) => ({
    type: 'home',
    blocks: [],
    private_metadata: chars(n),
  })),
  inHome('the callback id of a Home', 255, '/callback_id', (n) => ({
    type: 'home',
    blocks: [],
    callback_id: chars(n),
  })),
  inHome('the blocks of a Home', 100, '/blocks', (n) => ({
    type: 'home',
    blocks: many(n, () => ({ type: 'divider' })),
  })),
  inModal('the external id of a modal', 255, '/external_id', (n) => modal({ external_id: chars(n) })),
];
