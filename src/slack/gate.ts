/** Who may see anything at all: guests and people of other workspaces get one line, whatever they try. */

import type { Answer, Origin, Submission, SubmissionEnd } from './feature.ts';

/** Why a person may see nothing here, as an answer; undefined where they may. */
export type Refuses = (userId: string) => Promise<Answer | undefined>;

/** Runs what was asked for, or answers why not. */
export async function unlessRefused(
  refuses: Refuses,
  origin: Origin,
  run: () => Promise<void>,
): Promise<void> {
  const no = await refuses(origin.userId);
  await (no === undefined ? run() : origin.answer(no));
}

/** At a field, where there is one: that is where the person looks. */
export async function endUnlessRefused(
  refuses: Refuses,
  submission: Submission,
  run: () => Promise<SubmissionEnd>,
): Promise<SubmissionEnd> {
  const no = await refuses(submission.userId);
  if (no === undefined) return run();
  const [field = ''] = Object.keys(submission.view.values);
  return { kind: 'errors', errors: { [field]: no.text } };
}
