/** How a Kubernetes API server is reached: from inside the cluster, by a kubeconfig, or by address and token. */

import { dirname } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { AdapterContext } from '../../adapters/kind.ts';
import { secretRef } from '../../adapters/secrets.ts';

/** Plain HTTP sends the token in the clear: it goes to this machine alone (`kubectl proxy`, a tunnel). */
const SERVER = /^(https:\/\/[^\s/]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(\/\S*)?$/;

export const connectionSetting = z
  .union([
    z.strictObject({ in_cluster: z.literal(true) }),
    z.strictObject({
      kubeconfig: secretRef,
      context: z
        .string()
        .min(1)
        .meta({ description: "of the kubeconfig; its current one where it isn't said" })
        .optional(),
    }),
    z.strictObject({
      server: z.string().regex(SERVER).meta({ description: 'https://…, or http:// on this machine' }),
      token: secretRef,
      ca: secretRef
        .meta({ description: "the certificate authority, where it isn't a public one" })
        .optional(),
    }),
  ])
  .meta({
    description:
      'in_cluster: the pod\'s own service account; or kubeconfig: "file:/path"; or server, token and ca',
  });

export type Connection = z.output<typeof connectionSetting>;

/** What the secrets hold now; a rotated one counts at the next call. */
export function readConnection(connection: Connection, context: AdapterContext): string[] {
  if ('in_cluster' in connection) return [];
  if ('kubeconfig' in connection) return [context.secret(connection.kubeconfig)];
  const ca = connection.ca === undefined ? [] : [context.secret(connection.ca)];
  return [context.secret(connection.token), ...ca];
}

/** Throws in words where there is nothing to connect with. */
export async function openConfig(connection: Connection, [first = '', ca]: string[]): Promise<KubeConfig> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  if ('in_cluster' in connection) {
    if (process.env.KUBERNETES_SERVICE_HOST === undefined) {
      throw new Error('in_cluster: this is not a pod: KUBERNETES_SERVICE_HOST is not set');
    }
    config.loadFromCluster();
  } else if ('kubeconfig' in connection) {
    config.loadFromString(first);
    if (connection.kubeconfig.startsWith('file:')) {
      config.makePathsAbsolute(dirname(connection.kubeconfig.slice('file:'.length)));
    }
    if (connection.context !== undefined) config.setCurrentContext(connection.context);
    const cluster = config.getCurrentCluster();
    if (cluster === null) {
      throw new Error(`the kubeconfig has no context ${connection.context ?? config.currentContext}`);
    }
    if (!SERVER.test(cluster.server)) {
      throw new Error(`the kubeconfig would send credentials in the clear, to ${cluster.server}`);
    }
  } else {
    const { server } = connection;
    const encoded = ca === undefined ? {} : { caData: Buffer.from(ca).toString('base64') };
    // The library takes plain HTTP with this alone; HTTPS is always verified.
    const skipTLSVerify = server.startsWith('http:');
    config.loadFromClusterAndUser(
      { name: 'cluster', server: server.replace(/\/$/, ''), skipTLSVerify, ...encoded },
      { name: 'gonogo', token: first },
    );
  }
  return config;
}
