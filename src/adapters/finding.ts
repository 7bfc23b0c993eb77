/** What an adapter says when it is asked whether it could do its work here. */

export interface Finding {
  /** What was tried, in words: "read the Deployment checkout in production". */
  what: string;
  ok: boolean;
  /** Where it is not: what came back, without secrets. */
  problem?: string;
  /** And what to do about it: the missing permission by its name, the setting to change. */
  remedy?: string;
}
