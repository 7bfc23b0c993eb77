/** People, the bot among them, and their user groups. */
import type { Person, Usergroup } from '../protocol.ts';
import type { Seed } from '../seed.ts';

export type PersonChange = Partial<Omit<Person, 'id' | 'is_bot'>>;

const COLORS = ['#c2456b', '#2f6fab', '#7a52a8', '#b5651d', '#2e8b57', '#8a6d3b', '#3d7a7a', '#9c4f4f'];

export class People {
  readonly #byId = new Map<string, Person>();
  readonly #byName = new Map<string, string>();
  readonly #byEmail = new Map<string, string>();
  readonly #groups = new Map<string, Usergroup>();

  constructor(seed: Seed, bot: { id: string; name: string; real_name: string }) {
    seed.users.forEach(({ email, title, ...user }, i) => {
      this.#keep({
        ...user,
        ...(email !== undefined && { email }),
        ...(title !== undefined && { title }),
        color: user.color ?? COLORS[i % COLORS.length] ?? '#6b6b6b',
        team_id: user.team_id ?? seed.team.id,
      });
    });
    this.#keep({
      ...bot,
      tz: 'Etc/UTC',
      color: '#1f3a5f',
      deleted: false,
      is_bot: true,
      is_restricted: false,
      is_ultra_restricted: false,
      team_id: seed.team.id,
    });
    for (const group of seed.usergroups) this.#groups.set(group.id, group);
  }

  get(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  /** By id or by handle, with or without its `@`. */
  find(idOrName: string): Person | undefined {
    return this.#byId.get(idOrName) ?? this.named(idOrName.replace(/^@/, ''));
  }

  named(name: string): Person | undefined {
    return this.#byId.get(this.#byName.get(name.toLowerCase()) ?? '');
  }

  withEmail(email: string): Person | undefined {
    return this.#byId.get(this.#byEmail.get(email.toLowerCase()) ?? '');
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  change(id: string, change: PersonChange): Person | undefined {
    const before = this.#byId.get(id);
    if (before === undefined) return undefined;
    this.#byName.delete(before.name);
    if (before.email !== undefined) this.#byEmail.delete(before.email.toLowerCase());
    return this.#keep({ ...before, ...change });
  }

  add(person: Person): Person {
    return this.#keep(person);
  }

  group(id: string): Usergroup | undefined {
    return this.#groups.get(id);
  }

  groupCalled(handle: string): Usergroup | undefined {
    return this.groups().find((group) => group.handle === handle.toLowerCase());
  }

  groups(): Usergroup[] {
    return [...this.#groups.values()];
  }

  #keep(person: Person): Person {
    this.#byId.set(person.id, person);
    this.#byName.set(person.name, person.id);
    if (person.email !== undefined) this.#byEmail.set(person.email.toLowerCase(), person.id);
    return person;
  }
}
