/** Channels, direct messages with the bot, and who is in them. */
import { steadyId } from '../ids.ts';
import type { Person } from '../protocol.ts';
import type { Seed } from '../seed.ts';

export interface Room {
  id: string;
  name: string;
  topic: string;
  kind: 'channel' | 'group' | 'im' | 'mpim';
  members: Set<string>;
  archived: boolean;
  /** Seconds since the epoch. */
  created: number;
}

export class Channels {
  readonly #byId = new Map<string, Room>();
  readonly #byName = new Map<string, Room>();
  readonly #dms = new Map<string, Room>();
  readonly #groups = new Map<string, Room>();
  readonly #bot: string;

  constructor(seed: Seed, bot: string) {
    this.#bot = bot;
    const everyone = seed.users.filter((user) => !user.is_restricted && !user.is_ultra_restricted);
    for (const { id, name, topic, is_private, members, bot: isIn } of seed.channels) {
      const people = members ?? everyone.map((user) => user.id);
      const room: Room = {
        id,
        name,
        topic: topic ?? '',
        kind: is_private ? 'group' : 'channel',
        members: new Set(isIn ? [...people, bot] : people),
        archived: false,
        created: 1_600_000_000,
      };
      this.#keep(room);
    }
  }

  get(id: string): Room | undefined {
    return this.#byId.get(id);
  }

  named(name: string): Room | undefined {
    return this.#byName.get(name.replace(/^#/, '').toLowerCase());
  }

  /** Channels in the order they came, without direct messages. */
  all(): Room[] {
    return [...this.#byName.values()];
  }

  rename(room: Room, name: string): void {
    this.#byName.delete(room.name.toLowerCase());
    room.name = name;
    this.#keep(room);
  }

  everything(): Room[] {
    return [...this.#byId.values()];
  }

  /** The same id on every start: an app that remembers it must not reach somebody else with it. */
  dm(user: string): Room {
    const open = this.#dms.get(user);
    if (open !== undefined) return open;
    const room: Room = {
      id: steadyId('D', user),
      name: '',
      topic: '',
      kind: 'im',
      members: new Set([user, this.#bot]),
      archived: false,
      created: 1_600_000_000,
    };
    this.#dms.set(user, room);
    this.#byId.set(room.id, room);
    return room;
  }

  groupDm(users: readonly string[]): Room {
    const key = [...users].sort().join();
    const open = this.#groups.get(key);
    if (open !== undefined) return open;
    const room: Room = {
      id: steadyId('C', key),
      name: `mpdm-${this.#groups.size + 1}`,
      topic: '',
      kind: 'mpim',
      members: new Set([...users, this.#bot]),
      archived: false,
      created: 1_600_000_000,
    };
    this.#groups.set(key, room);
    this.#byId.set(room.id, room);
    return room;
  }

  /** Guests see only what they are in; everyone else sees every public channel. */
  isVisible(room: Room, person: Person): boolean {
    if (room.members.has(person.id)) return true;
    return room.kind === 'channel' && !person.is_restricted && !person.is_ultra_restricted;
  }

  hasBot(room: Room): boolean {
    return room.members.has(this.#bot);
  }

  /** Whom a direct message is with. */
  partner(room: Room): string | undefined {
    return room.kind === 'im' ? [...room.members].find((id) => id !== this.#bot) : undefined;
  }

  #keep(room: Room): void {
    this.#byId.set(room.id, room);
    this.#byName.set(room.name.toLowerCase(), room);
  }
}
