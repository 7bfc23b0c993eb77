/** What those who had to roll back write down afterwards, in their own words (RB-6, HO-2). */

export interface Review {
  /** What happened, and why. */
  cause: string;
  wentWell?: string;
  couldImprove?: string;
  /** What is done about it: by whom, until when. */
  actions: string;
}
