/** What somebody says that a version does to those who use it. */

export const IMPACTS = ['data_corruption', 'security_incident', 'customers', 'other'] as const;
export type Impact = (typeof IMPACTS)[number];

export const IMPACT_WORDS: Record<Impact, string> = {
  data_corruption: 'data corruption',
  security_incident: 'a security incident',
  customers: 'customers are affected',
  other: 'something else is wrong',
};
