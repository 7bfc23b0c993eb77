/** Where smoke tests may go: hosts that the policy names, and of their addresses none that leads inside by accident. */

import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { SmokeHost } from '../terms/smoke.ts';

/** Not to be spoken to, whatever a name leads to: this machine, and where clouds keep the keys of their machines. */
const NEVER = listOf(
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['224.0.0.0', 3],
  // With all that is written as an IPv4 address of old, or leads to this one's by a translator.
  ['::', 96],
  ['64:ff9b::7f00:0', 104],
  ['64:ff9b::a9fe:0', 112],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
  ['ff00::', 8],
);

const PRIVATE = listOf(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
  ['fec0::', 10],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  // Tunnels: what is at their end is an address of its own.
  ['2002::', 16],
  ['2001::', 32],
  ['198.18.0.0', 15],
);

function listOf(...subnets: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIP(net) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/** It must not be spoken to; the message says why, in words for the record. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();

/** The entry of the policy that lets this address be spoken to; throws `Forbidden` where there is none. */
export function hostOf(url: URL, hosts: readonly SmokeHost[]): SmokeHost {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Forbidden(`it leads to ${url.protocol}`);
  const usual = url.protocol === 'https:' ? 443 : 80;
  const port = url.port === '' ? usual : Number(url.port);
  const found = hosts.find(
    (entry) => bare(entry.host) === bare(url.hostname) && (entry.port ?? usual) === port,
  );
  if (found !== undefined) return found;
  throw new Forbidden(`it leads to ${url.host}, which smoke.hosts does not name`);
}

/** Why a name must not lead to this address; undefined where it may. An address that the policy names itself is meant. */
function whyNot(address: string, host: SmokeHost): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (host.host === 'localhost' && isLoopback(address)) return undefined;
  if (NEVER.check(address, family)) return 'an address of this machine or of its cloud';
  return PRIVATE.check(address, family) && !host.private ? 'a private address' : undefined;
}

const LOOPBACK = listOf(['127.0.0.0', 8], ['::1', 128]);
const isLoopback = (address: string): boolean =>
  LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Looks a name up once, and connects to what was checked: what the name leads to a moment later is of no consequence. */
export function pinnedLookup(host: SmokeHost, resolve: typeof lookup = lookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      for (const { address } of addresses) {
        const why = whyNot(address, host);
        if (why !== undefined) return done(new Forbidden(`${name} leads to ${why}`), []);
      }
      const [first] = addresses;
      if (options.all || first === undefined) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
