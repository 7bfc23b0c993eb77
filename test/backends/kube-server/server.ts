/**
 * A local API server for tests: it validates what it is sent against the published schemas, keeps state with resource
 * versions, generations and status subresources, streams watches, and refuses in the words of the real one.
 */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { bodyOf, cut, failed, type Sent, send } from './answers.ts';
import { type CustomKind, type Kind, kindsWith } from './kinds.ts';
import { createObjects, type KubeObject, NAMESPACE, type Objects, same } from './objects.ts';
import { applyPatch, BadPatch } from './patch.ts';
import { type Asked, isAllowed, type Rule, refusalOf } from './rbac.ts';
import { faultsIn, withoutNulls } from './schema.ts';

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

export interface KubeServer extends Objects {
  url: string;
  token: string;
  /** Requests that came as far as permissions. */
  calls: Call[];
  /** Everything that was changed by requests, the controllers aside. */
  writes: Call[];
  rules: Rule[];
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

export async function createKubeServer(
  options: {
    rules?: Rule[];
    /** Over HTTPS then, where a client certificate that `ca` signed is as good as the token. */
    tls?: { cert: Buffer; key: Buffer; ca: Buffer };
    custom?: CustomKind[];
  } = {},
): Promise<KubeServer> {
  const kinds = kindsWith(options.custom ?? []);
  const objects = createObjects(kinds);
  const waiting = new Set<() => void>();
  let hanging = false;
  let broken = false;
  let failure: Failure | undefined;
  let holding: (() => Promise<void>) | undefined;

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
    if (verb === 'list') return send(answer, 200, objects.listed(kind, query));
    if (verb === 'watch') return objects.watch(kind, query, answer);
    const object = objects.get(plural, name ?? '');
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
    objects.change(kind, old, next, part);
    api.writes.push(call);
    api.afterWrite?.(call);
    if (broken) return cut(answer);
    return send(answer, 200, objects.get(kind.plural, metadata.name) ?? old);
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
    ...objects,
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
