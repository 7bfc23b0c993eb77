/** HAProxy's runtime API over its stats socket: one connection per call, every answer checked. */

import { createConnection, type Socket } from 'node:net';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';

const ANSWERS_WITHIN: Duration = 5 * SECOND;
/** In one line, which HAProxy reads into a buffer of 16 kB. */
const MAX_COMMANDS = 50;
const MAX_ANSWER_BYTES = 4_000_000;

export type Admin = 'ready' | 'drain' | 'maint';

export interface ServerState {
  name: string;
  address: string;
  port: number;
  /** Its own setting: out of all that are ready, in proportion. */
  weight: number;
  admin: Admin;
  /** `unknown`: no check, none since it came back, or the last ones disagree. */
  health: 'up' | 'down' | 'unknown';
  /** Requests under way. */
  sessions: number;
}

export interface RuntimeApi {
  /** One after the other, in one connection; throws where HAProxy refuses one. */
  send(commands: readonly string[], signal?: AbortSignal): Promise<void>;
  servers(backend: string, signal?: AbortSignal): Promise<ServerState[]>;
  /** Another after each start and reload. */
  incarnation(signal?: AbortSignal): Promise<string>;
  /** What a state file holds. */
  dump(signal?: AbortSignal): Promise<string>;
}

export function createRuntimeApi(address: string): RuntimeApi {
  const ask = (command: string, signal?: AbortSignal) => talk(address, command, signal);
  return {
    async send(commands, signal) {
      for (let first = 0; first < commands.length; first += MAX_COMMANDS) {
        const some = commands.slice(first, first + MAX_COMMANDS);
        const said = (await ask(some.join('; '), signal)).trim();
        if (said !== '') throw refusal(said, some);
      }
    },
    async servers(backend, signal) {
      const said = await ask(`show servers state ${backend}; show stat ${backend} 4 -1`, signal);
      const states = table(said, /^# be_id /m, /\s+/);
      if (states.length === 0) throw noTable(said, `backend ${backend}`);
      const stats = new Map(table(said, /^# pxname/m, /,/).map((row) => [row.svname, row]));
      return states.map((row) => serverOf(row, stats.get(row.srv_name) ?? {}));
    },
    async incarnation(signal) {
      const said = await ask('show info', signal);
      const field = (name: string): string =>
        new RegExp(`^${name}: (.*)$`, 'm').exec(said)?.[1]?.trim() ?? '';
      const pid = field('Pid');
      if (pid === '') throw noTable(said, 'show info');
      return `${pid}@${field('Start_time_sec')}`;
    },
    dump: (signal) => ask('show servers state', signal),
  };
}

function table(text: string, head: RegExp, separator: RegExp): Record<string, string | undefined>[] {
  const [first = '', ...lines] = text.slice(Math.max(0, text.search(head))).split('\n');
  if (!head.test(first)) return [];
  const names = first.replace(/^# /, '').split(separator);
  const end = lines.findIndex((line) => line.trim() === '');
  return lines.slice(0, end === -1 ? lines.length : end).map((line) => {
    const cells = line.trim().split(separator);
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

/** Bits of srv_admin_state: maintenance by command, inherited, by config, by DNS; drained by command, inherited. */
const MAINT = 0x01 | 0x02 | 0x04 | 0x20;
const DRAIN = 0x08 | 0x10;

type Row = Record<string, string | undefined>;

function serverOf(state: Row, stat: Row): ServerState {
  const bits = Number(state.srv_admin_state);
  return {
    name: state.srv_name ?? '',
    address: state.srv_addr ?? '',
    port: Number(state.srv_port),
    weight: Number(state.srv_uweight),
    admin: (bits & MAINT) !== 0 ? 'maint' : (bits & DRAIN) !== 0 ? 'drain' : 'ready',
    health: healthOf(stat.status ?? ''),
    sessions: Number(stat.scur ?? 0),
  };
}

/** As the statistics write it: `UP`, and `UP 1/2` where a check failed or none was made since the server came back. */
function healthOf(status: string): ServerState['health'] {
  if (/^(UP|DRAIN|NOLB)$/.test(status)) return 'up';
  return status.startsWith('DOWN') ? 'down' : 'unknown';
}

function refusal(said: string, commands: readonly string[]): BackendError {
  const words = `HAProxy refused (${commands.join('; ').slice(0, 200)}): ${firstLine(said)}`;
  return /permission denied/i.test(said)
    ? new NotPermitted(`${words}: the socket needs "level admin" in haproxy.cfg`, { final: true })
    : new BackendError(words, { final: true });
}

/** The socket may be given another level. */
export class NotPermitted extends BackendError {}

/** A table was asked for: what is neither that nor a refusal is nothing that HAProxy says. */
function noTable(said: string, asked: string): BackendError {
  if (/permission denied|no such|can't find|unknown command/i.test(said)) return refusal(said, [asked]);
  const words = firstLine(said) || 'nothing';
  return new BackendError(`what answers (${asked}) is not HAProxy's runtime API: ${words}`, { final: false });
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 200) ?? '';

function talk(address: string, command: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      socket?.destroy();
      signal?.removeEventListener('abort', abort);
      reject(new BackendError(`HAProxy's socket ${address} ${why}`, { final: false, cause }));
    };
    const abort = (): void => fail('was given up', signal?.reason);
    let socket: Socket | undefined;
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    let text = '';
    socket = connect(address);
    socket.setTimeout(ANSWERS_WITHIN, () => fail(`did not answer within ${ANSWERS_WITHIN / SECOND} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => fail(whyNot(error), error));
    socket.on('data', (data) => {
      text += data.toString('utf8');
      if (text.length > MAX_ANSWER_BYTES) fail('answers too much');
    });
    socket.on('close', (failed) => {
      if (failed) return;
      // An empty line ends each answer: without it nobody knows what was carried out.
      if (!/(^|\n)\n$/.test(text)) return fail('was closed before the end of its answer');
      signal?.removeEventListener('abort', abort);
      resolve(text);
    });
    // HAProxy ends the connection after its answer.
    socket.write(`${command}\n`);
  });
}

function connect(address: string): Socket {
  if (address.startsWith('/')) return createConnection({ path: address });
  const at = address.lastIndexOf(':');
  return createConnection({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES') return 'may not be opened by this user: give its group "mode 660" in haproxy.cfg';
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return `is not there (${code}): is HAProxy running?`;
  return `cannot be reached: ${code ?? message}`;
}
