/** Versions as teams tag them, and which of those that a backend lists somebody means by what they typed. */

import { isTagged } from '../terms/version-pattern.ts';

/** 2.1.0, v2, 2026.11.27, v2.1.0-rc.1+build.7, release-42. */
const NUMBERED = /^v?\d+(?:\.\d+){1,4}(?:[-+._][0-9a-z.+_-]+)?$/i;
const SHORT = /^v\d+(?:[-+][0-9a-z.+-]+)?$/i;
const SHA = /^(?=.*\d)[0-9a-f]{7,64}$/i;
const DAY_FIRST = /^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/;
const MAX_LENGTH = 120;

/** `patterns` are how the service's team tags, where the policy says so; each counts for the whole word. */
export function isVersion(word: string, patterns: readonly string[] = []): boolean {
  if (word === '' || word.length > MAX_LENGTH) return false;
  if (isTagged(word, patterns)) return true;
  return (NUMBERED.test(word) && !DAY_FIRST.test(word)) || SHORT.test(word) || SHA.test(word);
}

/**
 * The one of `listed` that is meant: as it is written, or else the only one that differs in its case, its v, the name
 * of the service before it, or that a commit's beginning fits. Where none or several are, what was typed.
 */
export function versionMeant(typed: string, listed: readonly string[]): string {
  if (listed.includes(typed)) return typed;
  const ways: ((one: string) => boolean)[] = [
    (one) => plain(one) === plain(typed),
    (one) => plain(untagged(one)) === plain(untagged(typed)),
    (one) => SHA.test(typed) && one.toLowerCase().startsWith(typed.toLowerCase()),
  ];
  for (const fits of ways) {
    const [found, ...others] = listed.filter(fits);
    if (found !== undefined) return others.length === 0 ? found : typed;
  }
  return typed;
}

const plain = (version: string): string => version.toLowerCase().replace(/^v(?=\d)/, '');
/** `checkout@2.1.0` and `checkout/v2.1.0`, without the name. */
const untagged = (version: string): string => version.replace(/^.*[@/]/, '');
