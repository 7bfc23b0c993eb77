/** The objects that the server holds, with their versions and generations, and the watches that hear of each change. */

import type { ServerResponse } from 'node:http';
import { failed, type Sent } from './answers.ts';
import type { Kind } from './kinds.ts';
import { faultsIn, withoutNulls } from './schema.ts';

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller: boolean }[];
    [other: string]: unknown;
  };
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads and writes there is Kubernetes' own and loosely typed
  spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  status: any;
}

/** What a test does with them, and controllers. */
export interface Objects {
  put(
    object: Omit<KubeObject, 'metadata'> & { metadata: Partial<KubeObject['metadata']> & { name: string } },
  ): KubeObject;
  get(plural: string, name: string): KubeObject | undefined;
  all(plural: string): KubeObject[];
  /** As a controller writes it: `status` through the subresource, everything else through the main path. */
  update(plural: string, name: string, change: (object: KubeObject) => void, part?: 'main' | 'status'): void;
  remove(plural: string, name: string): void;
  /** Ends the watches that are open, as a network does. */
  cutWatches(): void;
  /** Whatever came before is forgotten: a watch from there gets 410. */
  compact(): void;
  /** Sends every open watch a bookmark. */
  bookmark(): void;
  openWatches(): number;
}

/** What requests do with them besides. */
export interface StoredObjects extends Objects {
  /** What the API server makes of a change, kept and published where anything is other than it was. */
  change(kind: Kind, old: KubeObject, next: KubeObject, part: 'main' | 'status'): void;
  listed(kind: Kind, query: Record<string, string>): unknown;
  watch(kind: Kind, query: Record<string, string>, answer: ServerResponse): Sent;
}

export const NAMESPACE = 'shop';

export function createObjects(kinds: readonly Kind[]): StoredObjects {
  const objects = new Map<string, KubeObject>();
  let revision = 1000;
  let compactedAt = 0;
  let uids = 0;
  const events: { revision: number; type: string; plural: string; object: KubeObject }[] = [];
  const watches = new Set<{
    plural: string;
    matches: (object: KubeObject) => boolean;
    answer: ServerResponse;
  }>();

  const idOf = (plural: string, name: string): string => `${plural}/${name}`;

  function publish(type: string, plural: string, object: KubeObject): void {
    const copy = structuredClone(object);
    events.push({ revision, type, plural, object: copy });
    for (const watch of watches) {
      if (watch.plural === plural && watch.matches(copy)) {
        watch.answer.write(`${JSON.stringify({ type, object: copy })}\n`);
      }
    }
  }

  function store(plural: string, object: KubeObject, type: 'ADDED' | 'MODIFIED'): void {
    revision += 1;
    object.metadata.resourceVersion = String(revision);
    objects.set(idOf(plural, object.metadata.name), object);
    publish(type, plural, object);
  }

  /** What the API server makes of a change; undefined where nothing is other than it was. */
  function changed(
    kind: Kind,
    old: KubeObject,
    next: KubeObject,
    part: 'main' | 'status',
  ): KubeObject | undefined {
    const result =
      part === 'status'
        ? { ...structuredClone(old), status: structuredClone(next.status) }
        : // The trap: a status that comes this way is dropped without a word.
          { ...structuredClone(next), status: structuredClone(old.status) };
    result.metadata.resourceVersion = old.metadata.resourceVersion;
    result.metadata.generation = old.metadata.generation;
    result.metadata.uid = old.metadata.uid;
    if (same(result, old)) return undefined;
    const isSpec = !same(result.spec, old.spec);
    // Of a Deployment its annotations count as well.
    const isNoted =
      kind.plural === 'deployments' && !same(result.metadata.annotations, old.metadata.annotations);
    if (part === 'main' && (isSpec || isNoted)) result.metadata.generation += 1;
    return result;
  }

  function change(kind: Kind, old: KubeObject, next: KubeObject, part: 'main' | 'status'): void {
    const result = changed(kind, old, next, part);
    if (result !== undefined) store(kind.plural, result, 'MODIFIED');
  }

  function listed({ plural, kind, group, version }: Kind, query: Record<string, string>): unknown {
    const all = [...objects]
      .filter(([id]) => id.startsWith(`${plural}/`))
      .map(([, object]) => object)
      .filter(matcher(query));
    const from = Number(query.continue ?? 0);
    const limit = Number(query.limit ?? all.length);
    const items = all.slice(from, from + limit);
    const more = from + limit < all.length ? { continue: String(from + limit) } : {};
    return {
      kind: `${kind}List`,
      apiVersion: group === '' ? version : `${group}/${version}`,
      metadata: { resourceVersion: String(revision), ...more },
      items,
    };
  }

  function watch({ plural }: Kind, query: Record<string, string>, answer: ServerResponse): Sent {
    const from = Number(query.resourceVersion ?? revision);
    if (from < compactedAt) {
      const gone = failed(410, 'Expired', `too old resource version: ${from} (${compactedAt})`);
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.end(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`);
      return 'sent';
    }
    answer.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    answer.flushHeaders();
    const matches = matcher(query);
    for (const event of events) {
      if (event.revision > from && event.plural === plural && matches(event.object)) {
        answer.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
      }
    }
    const open = { plural, matches, answer };
    watches.add(open);
    answer.once('close', () => watches.delete(open));
    return 'sent';
  }

  return {
    change,
    listed,
    watch,
    put(given) {
      const kind = kinds.find((one) => one.kind === given.kind);
      if (kind === undefined) throw new Error(`no kind ${given.kind}`);
      uids += 1;
      const object = structuredClone({
        ...given,
        metadata: {
          namespace: NAMESPACE,
          uid: `uid-${uids}`,
          generation: 1,
          creationTimestamp: new Date(Date.UTC(2026, 0, 1) + uids * 1000).toISOString(),
          ...given.metadata,
          resourceVersion: '',
        },
      }) as KubeObject;
      const faults = faultsIn(kind.validate, object);
      if (faults.length > 0) throw new Error(`${given.kind}: ${faults.join(', ')}`);
      store(kind.plural, object, 'ADDED');
      return object;
    },
    get: (plural, name) => objects.get(idOf(plural, name)),
    all: (plural) => [...objects].filter(([id]) => id.startsWith(`${plural}/`)).map(([, object]) => object),
    update(plural, name, edit, part = 'main') {
      const kind = kinds.find((one) => one.plural === plural);
      const old = objects.get(idOf(plural, name));
      if (kind === undefined || old === undefined) throw new Error(`no ${plural} ${name}`);
      const next = structuredClone(old);
      edit(next);
      const faults = faultsIn(kind.validate, next);
      if (faults.length > 0) throw new Error(`${plural} ${name}: ${faults.join(', ')}`);
      change(kind, old, withoutNulls(next) as KubeObject, part);
    },
    remove(plural, name) {
      const object = objects.get(idOf(plural, name));
      if (object === undefined) return;
      objects.delete(idOf(plural, name));
      revision += 1;
      object.metadata.resourceVersion = String(revision);
      publish('DELETED', plural, object);
    },
    cutWatches() {
      for (const { answer } of watches) answer.destroy();
    },
    compact() {
      revision += 1;
      compactedAt = revision;
    },
    bookmark() {
      for (const { answer } of watches) {
        const object = { metadata: { resourceVersion: String(revision) } };
        answer.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
      }
    },
    openWatches: () => watches.size,
  };
}

function matcher({ labelSelector, fieldSelector }: Record<string, string>): (object: KubeObject) => boolean {
  const labels = (labelSelector ?? '').split(',').filter(Boolean);
  const name = /^metadata\.name=(.+)$/.exec(fieldSelector ?? '')?.[1];
  return ({ metadata }) =>
    (name === undefined || metadata.name === name) &&
    labels.every((term) => {
      const [key = '', value] = term.split('=');
      return metadata.labels?.[key] === value;
    });
}

export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** Independent of the order of keys; what is empty or null is as if it was not there. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .flatMap(([key, inner]) => {
      const text = inner === null || inner === undefined ? '' : canonical(inner);
      return text === '' || text === '{}' || text === '[]' ? [] : [`${JSON.stringify(key)}:${text}`];
    })
    .sort();
  return `{${entries.join(',')}}`;
}
