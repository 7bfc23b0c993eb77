/** What stands in gonogo.yml for a backend of the kind `haproxy`. */

import { z } from 'zod';
import { secretRef } from '../../adapters/secrets.ts';
import { DURATION_PATTERN } from '../../config/durations.ts';
import { releasesSetting } from '../releases.ts';

/** Names go into commands of the socket: nothing else may be in them. */
const name = z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/);
const duration = z.string().regex(DURATION_PATTERN);
const filled = '{server}, {address} and {port} are filled in';

const place = z.strictObject({
  backend: name.meta({ description: 'the backend in haproxy.cfg' }),
  groups: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), z.array(name).min(1).max(200))
    .refine((groups) => [1, 2].includes(Object.keys(groups).length), 'one or two groups of servers')
    .refine((groups) => {
      const servers = Object.values(groups).flat();
      return new Set(servers).size === servers.length;
    }, 'a server is in one group')
    .meta({
      description:
        'the servers by group: two, of which each can bear all traffic, for canary and blue-green; one for rolling and all at once',
    }),
  version: z
    .strictObject({
      url: z
        .string()
        .regex(/^https?:\/\//)
        .default('http://{address}:{port}/version'),
      version_at: z.string().default('version'),
      digest_at: z.string().default('digest'),
    })
    .prefault({})
    .meta({ description: `where each server says in JSON which version and digest it runs; ${filled}` }),
  releases: releasesSetting,
  activate: z
    .union([
      z.strictObject({ command: z.array(z.string().min(1)).min(1) }),
      z.strictObject({ url: z.string().regex(/^https?:\/\//), bearer: secretRef.optional() }),
    ])
    .meta({
      description: `what puts a version on one server: a program on this machine, or a POST; ${filled}. Without it the version has to be there already`,
    })
    .optional(),
  drain: duration.default('30s').meta({ description: 'how long a server is given to finish its requests' }),
  activate_within: duration.default('5m'),
  ready_within: duration
    .default('2m')
    .meta({ description: 'how long a new version has to say its version and pass its health check' }),
});

export const haproxySettings = z.strictObject({
  socket: z
    .string()
    .regex(/^(\/\S+|[A-Za-z0-9.-]+:\d{1,5})$/)
    .meta({ description: 'the stats socket with "level admin": /run/haproxy/admin.sock or host:port' }),
  state_file: z.union([z.literal('elsewhere'), z.string().startsWith('/')]).meta({
    description:
      "HAProxy's server-state-file, written after each change so that a reload keeps weights and drained servers; elsewhere: HAProxy's own machine writes it before each reload",
  }),
  config: z
    .string()
    .startsWith('/')
    .meta({ description: 'haproxy.cfg, where it can be read here: checked for the state file' })
    .optional(),
  services: z
    .record(z.string(), z.record(z.string(), place))
    .meta({ description: 'where it is in HAProxy, by service and environment' }),
});

export type HaproxySettings = z.output<typeof haproxySettings>;
export type PlaceSettings = z.output<typeof place>;
