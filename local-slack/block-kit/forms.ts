/** How strings with a meaning must look: dates, times, zones, numbers, addresses. */
import type { Form } from './rule.ts';

function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = Date.parse(`${value}T00:00:00Z`);
  // Date.parse rolls 31 February over into March instead of refusing it.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    // The only way Intl has to say that it does not know a zone.
    return false;
  }
}

const matches = (pattern: RegExp, message: string): Form => ({
  holds: (value) => pattern.test(value),
  message,
});

export const DATE: Form = { holds: isCalendarDate, message: 'must be a valid date in the format YYYY-MM-DD' };
export const TIME = matches(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a valid time in the format HH:mm');
export const ZONE: Form = { holds: isTimeZone, message: 'must be a valid IANA timezone' };
export const DECIMAL = matches(/^-?\d+(\.\d+)?$/, 'must be a valid number');
export const COLOR = matches(/^#[0-9a-f]{6}$/i, 'must be a valid hex color');
/** A link may open another program (`mailto:`, `slack:`), a picture may not. */
export const LINK = matches(/^[a-z][a-z\d+.-]*:\S+$/i, 'must be a valid url');
export const WEB_URL = matches(/^https?:\/\/[^\s/]+\S*$/i, 'must be a valid url');
export const SECURE_URL = matches(/^https:\/\/[^\s/]+\S*$/i, 'must be a valid https url');
