/** That a start is known later than planned, in words (CM-5). */

import type { ShortNotice } from '../src/deployment/request/notice.ts';
import { duration } from './text.ts';

export function noticeWords({ ahead, planned }: ShortNotice): string {
  const less = `Less than ${duration(planned)} ahead`;
  // Whoever chose so knows: no warning.
  if (ahead === 0) return `${less}: it is known only when it starts`;
  return `⚠️ ${less}: it is known ${duration(ahead)} before its start`;
}
