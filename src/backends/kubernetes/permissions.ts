/** Asks the API server itself what these credentials may do, for `gonogo doctor`. */

import { z } from 'zod';
import type { Finding } from '../../adapters/finding.ts';
import { defined } from '../../defined.ts';
import { messageOf } from '../../message-of.ts';
import type { Target } from '../port.ts';
import type { KubeApi } from './api.ts';
import { read } from './objects.ts';

export interface Permission {
  verb: 'get' | 'list' | 'watch' | 'patch';
  group: string;
  resource: string;
  subresource?: string;
  /** Where it is needed for one object alone. */
  name?: string;
}

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().optional() }) });

/** Of those, what is needed where nothing is driven: to look. */
export function neededFor(
  { watchOnly }: Pick<Target, 'watchOnly'>,
  all: readonly Permission[],
): Permission[] {
  return all.filter(({ verb }) => verb !== 'patch' || watchOnly !== true);
}

export async function tryPermissions(
  api: KubeApi,
  namespace: string,
  wanted: readonly Permission[],
  remedy: string,
  signal?: AbortSignal,
): Promise<Finding[]> {
  return Promise.all(
    wanted.map(async (permission): Promise<Finding> => {
      const what = wordsOf(permission, namespace);
      try {
        const allowed = await isAllowed(api, namespace, permission, signal);
        return allowed ? { what, ok: true } : { what, ok: false, problem: 'not permitted', remedy };
      } catch (error) {
        return { what, ok: false, problem: messageOf(error), remedy: 'see connection in its settings' };
      }
    }),
  );
}

async function isAllowed(
  api: KubeApi,
  namespace: string,
  { verb, group, resource, subresource, name }: Permission,
  signal?: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = {
    namespace,
    verb,
    group,
    resource,
    ...defined({ subresource, name }),
  };
  const answer = await api.call(
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      },
    },
    signal,
  );
  return read(reviewSchema, answer, 'its answer about permissions').status.allowed;
}

function wordsOf({ verb, group, resource, subresource, name }: Permission, namespace: string): string {
  const full = [resource, subresource].filter(Boolean).join('/');
  const of = group === '' ? full : `${full}.${group}`;
  return `${verb} ${of}${name === undefined ? '' : ` ${name}`} in ${namespace}`;
}
