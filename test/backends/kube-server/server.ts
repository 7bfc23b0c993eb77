/**
 * A local API server for tests: it validates what it is sent against the published schemas, keeps state with resource
 * versions, generations and status subresources, streams watches, and refuses in the words of the real one.
 */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ValidateFunction } from 'ajv';
import { applyPatch, BadPatch } from './patch.ts';
import { type Asked, isAllowed, type Rule, refusalOf } from './rbac.ts';
import { createValidator, faultsIn, schemaFor, withoutNulls } from './schema.ts';

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

interface Kind {
  group: string;
  version: string;
  plural: string;
  kind: string;
  isCustom: boolean;
  validate: ValidateFunction;
}

export interface Call extends Asked {
  path: string;
  query: Record<string, string>;
  body: unknown;
  type: string | undefined;
}

export interface Failure {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** So many requests, or all until it is taken back. */
  times: number;
}

export interface KubeServer {
  url: string;
  token: string;
  /** Requests that came as far as permissions. */
  calls: Call[];
  /** Everything that was changed by requests, the controllers aside. */
  writes: Call[];
  rules: Rule[];
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
  fail(failure: Failure | undefined): void;
  /** Runs after a request was carried out, before it is answered. */
  afterWrite: ((call: Call) => void) | undefined;
  /** Runs before a request is looked at. */
  beforeCall: ((call: Call) => void) | undefined;
  /** Keeps the next change on its way until the returned promise is done. */
  holdNextWrite(until: () => Promise<void>): void;
  hang(): () => void;
  breakDown(): () => void;
  close(): Promise<void>;
}

const QUERY = new Set([
  'fieldSelector',
  'labelSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'watch',
  'allowWatchBookmarks',
  'timeoutSeconds',
  'fieldManager',
  'fieldValidation',
  'pretty',
  'dryRun',
]);

const USER = 'system:serviceaccount:shop:gonogo';
const NAMESPACE = 'shop';

/** Compiled once: it takes a while. */
const ajv = createValidator();
const compiled = new Map<string, ValidateFunction>();
function validatorOf(model: string): ValidateFunction {
  const known = compiled.get(model) ?? ajv.compile(schemaFor(model));
  compiled.set(model, known);
  return known;
}

export async function createKubeServer(
  options: {
    rules?: Rule[];
    /** Over HTTPS then, where a client certificate that `ca` signed is as good as the token. */
    tls?: { cert: Buffer; key: Buffer; ca: Buffer };
    custom?: { group: string; version: string; plural: string; kind: string; schema: object }[];
  } = {},
): Promise<KubeServer> {
  const kinds: Kind[] = [
    {
      group: 'apps',
      version: 'v1',
      plural: 'deployments',
      kind: 'Deployment',
      isCustom: false,
      validate: validatorOf('V1Deployment'),
    },
    {
      group: 'apps',
      version: 'v1',
      plural: 'replicasets',
      kind: 'ReplicaSet',
      isCustom: false,
      validate: validatorOf('V1ReplicaSet'),
    },
    {
      group: '',
      version: 'v1',
      plural: 'pods',
      kind: 'Pod',
      isCustom: false,
      validate: validatorOf('V1Pod'),
    },
    ...(options.custom ?? []).map(({ schema, ...kind }) => {
      const name = JSON.stringify(kind);
      const validate = compiled.get(name) ?? ajv.compile(schema);
      compiled.set(name, validate);
      return { ...kind, isCustom: true, validate };
    }),
  ];
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
  const waiting = new Set<() => void>();
  let hanging = false;
  let broken = false;
  let failure: Failure | undefined;
  let holding: (() => Promise<void>) | undefined;

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

  const listen: RequestListener = (request, answer) => {
    void handle(request, answer).catch((error: unknown) => {
      send(answer, 500, failed(500, 'InternalError', String(error)));
    });
  };
  const server =
    options.tls === undefined
      ? createServer(listen)
      : createTlsServer({ ...options.tls, requestCert: true, rejectUnauthorized: false }, listen);

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<Sent> {
    const body = await bodyOf(request);
    if (request.method === 'PATCH' && holding !== undefined) {
      const held = holding;
      holding = undefined;
      await held();
    }
    if (broken) return cut(request);
    if (hanging) await new Promise<void>((resolve) => waiting.add(resolve));
    if (answer.destroyed) return 'cut';
    const hasCertificate = request.socket instanceof TLSSocket && request.socket.authorized;
    if (!hasCertificate && request.headers.authorization !== `Bearer ${api.token}`) {
      return send(answer, 401, failed(401, 'Unauthorized', 'Unauthorized'));
    }
    const url = new URL(request.url ?? '/', 'http://server');
    const query = Object.fromEntries(url.searchParams);
    const unknown = Object.keys(query).filter((name) => !QUERY.has(name));
    if (unknown.length > 0)
      return send(answer, 400, failed(400, 'BadRequest', `unknown parameters ${unknown}`));
    if (
      request.method === 'POST' &&
      url.pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    ) {
      return send(answer, 201, reviewed(body));
    }
    const found =
      /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
        url.pathname,
      );
    const [, core, group = '', version = core, namespace = '', plural = '', name, subresource] = found ?? [];
    const kind = kinds.find((one) => one.group === group && one.version === version && one.plural === plural);
    if (kind === undefined || (subresource !== undefined && subresource !== 'status')) {
      return send(answer, 404, failed(404, 'NotFound', 'the server could not find the requested resource'));
    }
    const isWatch = query.watch === 'true';
    const method = request.method ?? 'GET';
    const verb = method === 'PATCH' ? 'patch' : name !== undefined ? 'get' : isWatch ? 'watch' : 'list';
    const asked = name ?? /^metadata\.name=(.+)$/.exec(query.fieldSelector ?? '')?.[1];
    const call: Call = {
      verb,
      group,
      resource: subresource === undefined ? plural : `${plural}/${subresource}`,
      namespace,
      name: asked,
      path: url.pathname,
      query,
      body,
      type: request.headers['content-type'],
    };
    api.beforeCall?.(call);
    api.calls.push(call);
    if (failure !== undefined && failure.times > 0) {
      const { status, headers, body: said = failed(status, 'Failure', 'as the test asked') } = failure;
      failure.times -= 1;
      return send(answer, status, said, headers);
    }
    if (namespace !== NAMESPACE || !isAllowed(api.rules, call)) {
      return send(answer, 403, failed(403, 'Forbidden', refusalOf(call, USER)));
    }
    if (method !== 'GET' && method !== 'PATCH')
      return send(answer, 405, failed(405, 'MethodNotAllowed', method));
    if (verb === 'list') return send(answer, 200, listed(kind, query));
    if (verb === 'watch') return watch(kind, query, answer);
    const object = objects.get(idOf(plural, name ?? ''));
    if (object === undefined) {
      const full = group === '' ? plural : `${plural}.${group}`;
      return send(answer, 404, failed(404, 'NotFound', `${full} "${name}" not found`));
    }
    if (verb === 'get') return send(answer, 200, object);
    return patched(kind, object, call, subresource === 'status' ? 'status' : 'main', answer);
  }

  function patched(
    kind: Kind,
    old: KubeObject,
    call: Call,
    part: 'main' | 'status',
    answer: ServerResponse,
  ): Sent {
    let next: KubeObject;
    try {
      const patch = applyPatch(call.type ?? '', old as never, call.body, kind.isCustom);
      next = withoutNulls(patch) as KubeObject;
    } catch (error) {
      const code = error instanceof BadPatch ? error.code : 400;
      return send(
        answer,
        code,
        failed(code, code === 422 ? 'Invalid' : 'BadRequest', String((error as Error).message)),
      );
    }
    const { metadata } = old;
    const full = `${kind.plural}.${kind.group}`;
    if (next.metadata.resourceVersion !== metadata.resourceVersion) {
      return send(
        answer,
        409,
        failed(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ${full} "${metadata.name}": the object has been modified; please apply your changes to the latest version and try again`,
        ),
      );
    }
    const faults = faultsIn(kind.validate, next);
    if (!same(next.spec?.selector, old.spec?.selector)) faults.push('spec.selector: field is immutable');
    if (next.metadata.name !== metadata.name) faults.push('metadata.name: field is immutable');
    if (faults.length > 0) {
      const words = `${kind.kind}.${kind.group} "${metadata.name}" is invalid: ${faults.join(', ')}`;
      return send(answer, 422, failed(422, 'Invalid', words));
    }
    const result = changed(kind, old, next, part);
    if (result !== undefined) store(kind.plural, result, 'MODIFIED');
    api.writes.push(call);
    api.afterWrite?.(call);
    if (broken) return cut(answer);
    return send(answer, 200, objects.get(idOf(kind.plural, metadata.name)) ?? old);
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

  function reviewed(body: unknown): unknown {
    const { spec } = body as {
      spec: {
        resourceAttributes: {
          verb: string;
          group: string;
          resource: string;
          subresource?: string;
          namespace: string;
          name?: string;
        };
      };
    };
    const { resource, subresource, ...rest } = spec.resourceAttributes;
    const asked = { ...rest, resource: subresource === undefined ? resource : `${resource}/${subresource}` };
    const allowed = rest.namespace === NAMESPACE && isAllowed(api.rules, asked);
    return {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      spec,
      status: { allowed },
    };
  }

  const api: KubeServer = {
    url: '',
    token: 'let-me-in',
    calls: [],
    writes: [],
    rules: options.rules ?? [],
    afterWrite: undefined,
    beforeCall: undefined,
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
    update(plural, name, change, part = 'main') {
      const kind = kinds.find((one) => one.plural === plural);
      const old = objects.get(idOf(plural, name));
      if (kind === undefined || old === undefined) throw new Error(`no ${plural} ${name}`);
      const next = structuredClone(old);
      change(next);
      const faults = faultsIn(kind.validate, next);
      if (faults.length > 0) throw new Error(`${plural} ${name}: ${faults.join(', ')}`);
      const result = changed(kind, old, withoutNulls(next) as KubeObject, part);
      if (result !== undefined) store(plural, result, 'MODIFIED');
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
    fail(next) {
      failure = next;
    },
    holdNextWrite(until) {
      holding = until;
    },
    hang() {
      hanging = true;
      return () => {
        hanging = false;
        for (const goOn of waiting) goOn();
        waiting.clear();
      };
    },
    breakDown() {
      broken = true;
      return () => {
        broken = false;
      };
    },
    async close() {
      for (const goOn of waiting) goOn();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scheme = options.tls === undefined ? 'http' : 'https';
  api.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

/** What became of a request. */
type Sent = 'sent' | 'cut';

function cut({ socket }: IncomingMessage | ServerResponse): Sent {
  socket?.destroy();
  return 'cut';
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

function same(one: unknown, other: unknown): boolean {
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

function failed(code: number, reason: string, message: string): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request) text += String(part);
  return text === '' ? undefined : JSON.parse(text);
}

function send(
  answer: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Sent {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers });
  answer.end(typeof body === 'string' ? body : JSON.stringify(body));
  return 'sent';
}
