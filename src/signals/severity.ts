/** What labels say of how bad an alert is. */

const CRITICAL = new Set(['critical', 'page', 'emergency', 'disaster']);

export const isCritical = (severity: string | undefined): boolean =>
  CRITICAL.has(severity?.toLowerCase() ?? '');
