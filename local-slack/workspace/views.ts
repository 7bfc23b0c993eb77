/** Modals and Homes: each person's stack of up to three, their Home, and what they have filled in so far. */
import { initialState, interactiveElements, withBlockIds } from '../block-kit/index.ts';
import { type NewId, secret, shortId } from '../ids.ts';
import { isJson, type Json, listOf, textOf, wording } from '../json.ts';
import type { Block, View } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';

export type StateValues = Record<string, Record<string, Record<string, unknown>>>;

/** The channel in which the trigger was pulled: the default of a conversations menu. */
export type Origin = string | undefined;

export interface OpenView {
  id: string;
  hash: string;
  type: 'modal' | 'home';
  user: string;
  /** The view as the app gave it, with ids on every block and element. */
  given: Json;
  blocks: Block[];
  values: StateValues;
  rootId: string;
  previousId: string | undefined;
  origin: Origin;
}

const MAX_STACKED = 3;

export class Views {
  readonly #byId = new Map<string, OpenView>();
  readonly #byExternalId = new Map<string, string>();
  readonly #stacks = new Map<string, string[]>();
  readonly #homes = new Map<string, string>();
  readonly #newId: NewId;
  readonly #now: () => number;

  constructor(newId: NewId, now: () => number) {
    this.#newId = newId;
    this.#now = now;
  }

  get(id: string): OpenView | undefined {
    return this.#byId.get(id);
  }

  withExternalId(id: string): OpenView | undefined {
    return this.get(this.#byExternalId.get(id) ?? '');
  }

  stack(user: string): string[] {
    return this.#stacks.get(user) ?? [];
  }

  top(user: string): OpenView | undefined {
    return this.get(this.stack(user).at(-1) ?? '');
  }

  home(user: string): OpenView | undefined {
    return this.get(this.#homes.get(user) ?? '');
  }

  /** Opens a modal in place of whatever is open. */
  open(user: string, given: Json, origin: Origin): OpenView {
    this.#refuseTaken(given);
    this.clear(user);
    const view = this.#make({ user, given, type: 'modal', origin });
    this.#stacks.set(user, [view.id]);
    return view;
  }

  /** Puts a modal on top; throws `push_limit_reached` on a full stack. */
  push(user: string, given: Json): OpenView {
    const stack = this.stack(user);
    const below = this.top(user);
    if (below === undefined) throw new SlackError('not_found');
    if (stack.length >= MAX_STACKED) throw new SlackError('push_limit_reached');
    this.#refuseTaken(given);
    const view = this.#make({ user, given, type: 'modal', origin: below.origin, below });
    this.#stacks.set(user, [...stack, view.id]);
    return view;
  }

  publish(user: string, given: Json): OpenView {
    const before = this.home(user);
    if (before !== undefined) return this.replace(before, given);
    const view = this.#make({ user, given, type: 'home', origin: undefined });
    this.#homes.set(user, view.id);
    return view;
  }

  /** What the person filled in stays where the block and the action keep their ids and kind. */
  replace(view: OpenView, given: Json): OpenView {
    this.#refuseTaken(given, view.id);
    this.#forgetExternalId(view);
    const blocks = withIds(given.blocks);
    const values = kept(this.#start(blocks, view.origin), view.values);
    return this.#keep({ ...view, given: { ...given, blocks }, blocks, values, hash: this.#hash() });
  }

  fill(view: OpenView, blockId: string, actionId: string, state: Json): OpenView {
    const block = { ...view.values[blockId], [actionId]: state };
    return this.#keep({ ...view, values: { ...view.values, [blockId]: block } });
  }

  /** Closes one view and what stands above it; answers all that closed, the highest first. */
  close(view: OpenView): OpenView[] {
    const stack = this.stack(view.user);
    const at = stack.indexOf(view.id);
    if (at < 0) return [];
    const closed = stack.slice(at).reverse();
    this.#stacks.set(view.user, stack.slice(0, at));
    return this.#forget(closed);
  }

  clear(user: string): OpenView[] {
    const closed = [...this.stack(user)].reverse();
    this.#stacks.delete(user);
    return this.#forget(closed);
  }

  #make(from: {
    user: string;
    given: Json;
    type: OpenView['type'];
    origin: Origin;
    below?: OpenView;
  }): OpenView {
    const id = this.#newId('V');
    const blocks = withIds(from.given.blocks);
    return this.#keep({
      id,
      hash: this.#hash(),
      type: from.type,
      user: from.user,
      given: { ...from.given, blocks },
      blocks,
      values: this.#start(blocks, from.origin),
      rootId: from.below?.rootId ?? id,
      previousId: from.below?.id,
      origin: from.origin,
    });
  }

  #start(blocks: Block[], origin: Origin): StateValues {
    const values = initialState(blocks);
    if (origin === undefined) return values;
    for (const { element, block_id, action_id } of interactiveElements(blocks)) {
      const state = values[block_id]?.[action_id];
      if (element.default_to_current_conversation !== true || state === undefined) continue;
      if (state.selected_conversation === null) state.selected_conversation = origin;
      if (listOf(state.selected_conversations).length === 0 && 'selected_conversations' in state) {
        state.selected_conversations = [origin];
      }
    }
    return values;
  }

  #refuseTaken(given: Json, except?: string): void {
    const external = textOf(given.external_id);
    const taken = external ? this.#byExternalId.get(external) : undefined;
    if (taken !== undefined && taken !== except) throw new SlackError('duplicate_external_id');
  }

  #keep(view: OpenView): OpenView {
    this.#byId.set(view.id, view);
    const external = textOf(view.given.external_id);
    if (external) this.#byExternalId.set(external, view.id);
    return view;
  }

  #forget(ids: readonly string[]): OpenView[] {
    return ids.flatMap((id) => {
      const view = this.#byId.get(id);
      if (view === undefined) return [];
      this.#byId.delete(id);
      this.#forgetExternalId(view);
      return [view];
    });
  }

  #forgetExternalId(view: OpenView): void {
    const external = textOf(view.given.external_id);
    if (external) this.#byExternalId.delete(external);
  }

  #hash(): string {
    return `${Math.floor(this.#now() / 1_000)}.${secret(4)}`;
  }
}

function withIds(blocks: unknown): Block[] {
  return withBlockIds(listOf(blocks) as Block[], shortId);
}

function kept(start: StateValues, before: StateValues): StateValues {
  for (const [blockId, actions] of Object.entries(start)) {
    for (const [actionId, state] of Object.entries(actions)) {
      const held = before[blockId]?.[actionId];
      if (held !== undefined && held.type === state.type) actions[actionId] = held;
    }
  }
  return start;
}

/** As its person sees it. */
export function asSeen(view: OpenView, stack: readonly string[]): View {
  const { given } = view;
  const submit = wording(given.submit);
  const close = wording(given.close);
  return {
    id: view.id,
    hash: view.hash,
    type: view.type,
    callback_id: textOf(given.callback_id) ?? '',
    title: wording(given.title) ?? '',
    ...(submit !== undefined && { submit }),
    ...(close !== undefined && { close }),
    blocks: view.blocks,
    values: view.values,
    stack: view.type === 'home' ? [] : [...stack],
  };
}

const plain = (value: unknown): Json | null =>
  isJson(value) ? { type: 'plain_text', text: value.text, emoji: value.emoji ?? true } : null;

/** As payloads and answers carry it. */
export function asSent(view: OpenView, app: { team: string; app: string; bot: string }): Json {
  const { given } = view;
  return {
    id: view.id,
    team_id: app.team,
    type: view.type,
    blocks: view.blocks,
    private_metadata: textOf(given.private_metadata) ?? '',
    callback_id: textOf(given.callback_id) ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: plain(given.title) ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: given.clear_on_close === true,
    notify_on_close: given.notify_on_close === true,
    close: plain(given.close),
    submit: plain(given.submit),
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: app.app,
    external_id: textOf(given.external_id) ?? '',
    app_installed_team_id: app.team,
    bot_id: app.bot,
  };
}
