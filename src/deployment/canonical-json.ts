/** JSON with its keys in order, so that equal values have equal text and so equal hashes. */

export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/** Loops, and no callbacks: it goes through the whole of a deployment again and again. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const inner = inOrder(value[key]);
    // Set, it would be no key but what the object is made of.
    if (key === '__proto__') Object.defineProperty(ordered, key, { value: inner, enumerable: true });
    else ordered[key] = inner;
  }
  return ordered;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
