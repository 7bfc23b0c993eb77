/** The four ways to patch, as RFC 6902, RFC 7386 and Kubernetes' own strategic merge have them. */

type Json = unknown;
type Record_ = Record<string, Json>;

export class BadPatch extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const isObject = (value: Json): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function applyPatch(type: string, object: Record_, body: Json, isCustom: boolean): Record_ {
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch(object, body);
    case 'application/merge-patch+json':
      return mergePatch(object, body) as Record_;
    case 'application/strategic-merge-patch+json':
      if (!isCustom) return strategic(object, body) as Record_;
  }
  throw new BadPatch(
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}

interface Operation {
  op: string;
  path: string;
  value?: Json;
}

function jsonPatch(object: Record_, body: Json): Record_ {
  if (!Array.isArray(body)) throw new BadPatch(400, 'a JSON patch is a list');
  const copy = structuredClone(object);
  for (const { op, path, value } of body as Operation[]) {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent: Json = copy;
    for (const key of keys) parent = (parent as Record_ | undefined)?.[key];
    if (typeof parent !== 'object' || parent === null) {
      throw new BadPatch(
        422,
        `the server rejected our request due to an error in our request: ${op} ${path}`,
      );
    }
    change(parent as Record_, last, { op, path, value });
  }
  return copy;
}

function change(parent: Record_ | Json[], key: string, { op, path, value }: Operation): void {
  const there = Object.hasOwn(parent, key);
  if (op !== 'add' && !there)
    throw new BadPatch(422, `${op} operation does not apply: doc is missing key: ${path}`);
  const at = parent as Record_;
  switch (op) {
    case 'add':
      if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : Number(key), 0, value);
      else at[key] = value;
      return;
    case 'replace':
      at[key] = value;
      return;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete at[key];
      return;
    case 'test':
      if (JSON.stringify(at[key]) === JSON.stringify(value)) return;
      throw new BadPatch(422, `testing value ${path} failed: test failed`);
    default:
      throw new BadPatch(400, `unknown operation ${op}`);
  }
}

function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record_ = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Lists whose elements have a name are merged by it: containers, their environment, volumes. */
function strategic(target: Json, patch: Json): Json {
  if (Array.isArray(patch) && patch.every((one) => isObject(one) && typeof one.name === 'string')) {
    const merged = Array.isArray(target) ? [...target] : [];
    for (const one of patch as Record_[]) {
      const index = merged.findIndex((old) => isObject(old) && old.name === one.name);
      if (index < 0) merged.push(one);
      else merged[index] = strategic(merged[index], one);
    }
    return merged;
  }
  if (!isObject(patch)) return patch;
  const result: Record_ = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = strategic(result[key], value);
  }
  return result;
}
