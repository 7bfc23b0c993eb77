/** That a start is known later than planned, in words (CM-5). */

import type { ShortNotice } from '../src/deployment/notice.ts';
import { duration } from './text.ts';

export function noticeWords({ ahead, planned }: ShortNotice): string {
  const known =
    ahead === 0 ? 'it starts as soon as it is ready' : `it is known ${duration(ahead)} before its start`;
  return `⚠️ Less than ${duration(planned)} ahead: ${known}. Those who must know are meant to hear of it ${duration(planned)} before.`;
}
