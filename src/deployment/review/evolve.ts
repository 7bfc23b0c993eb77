/** What the review of a rollback does to the state. */

import { type Evolvers, personOf } from '../evolver.ts';

export const REVIEW_EVOLVERS: Evolvers<'review_written' | 'review_reminded'> = {
  review_written: (d, e) => ({
    review: {
      reminders: d.review?.reminders ?? [],
      written: { ...e.review, by: personOf(e), at: e.at },
    },
  }),
  review_reminded: (d, e) => ({
    review: {
      ...d.review,
      reminders: [...(d.review?.reminders ?? []), { seq: e.seq, people: e.people, at: e.at }],
    },
  }),
};
