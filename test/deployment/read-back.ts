/** A state as it is read back from the record: sorted keys, and nothing that is undefined. */

/** What came of it before: most of a state stays as it was from one event to the next. */
const readBefore = new WeakSet<object>();

export function readBack<T>(value: T): T {
  return (typeof value === 'object' && value !== null ? ofObject(value) : ofPlain(value)) as T;
}

/** What JSON has no word for becomes what JSON makes of it. */
function ofPlain(value: unknown): unknown {
  const isPlain = typeof value === 'string' || typeof value === 'boolean' || value === null;
  return isPlain || Number.isFinite(value) ? value : JSON.parse(JSON.stringify([value]))[0];
}

function ofObject(value: object): unknown {
  if (readBefore.has(value)) return value;
  const read = Array.isArray(value) ? value.map(readBack) : ofKeys(value);
  readBefore.add(read);
  return read;
}

function ofKeys(value: object): object {
  if (Object.getPrototypeOf(value) !== Object.prototype) return JSON.parse(JSON.stringify(value));
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, readBack(inner)]),
  );
}
