/** What a person typed or chose and has not sent: kept by surface and field, so that a redrawn view loses nothing. */
import type { Block } from '../../protocol.ts';
import type { Given, GivenValues } from '../driver.ts';
import { createStore, useSelected } from './store.ts';

type Fields = Record<string, Given>;

const forms = createStore<Record<string, Fields>>({});

/** Fields that the server has not heard of, by surface: it holds them itself once it has. */
const unsent = new Map<string, Set<string>>();

const fieldKey = (block: string, action: string) => `${block}\n${action}`;

export function useGiven(surface: string, block: string, action: string): Given | undefined {
  return useSelected(forms, (all) => all[surface]?.[fieldKey(block, action)]);
}

/** `held` says that the server takes the value without telling the app: so it does for inputs that dispatch nothing. */
export function give(surface: string, block: string, action: string, value: Given, held = false): void {
  if (held) unsent.set(surface, (unsent.get(surface) ?? new Set()).add(fieldKey(block, action)));
  forms.set((all) => ({ ...all, [surface]: { ...all[surface], [fieldKey(block, action)]: value } }));
}

/** The fields the server has to be told of before the app hears of anything else here; each is given out once. */
export function takeUnsent(surface: string): { block_id: string; action_id: string; value: Given }[] {
  const keys = [...(unsent.get(surface) ?? [])];
  unsent.delete(surface);
  return keys.flatMap((key) => {
    const [block_id = '', action_id = ''] = key.split('\n');
    const value = forms.get()[surface]?.[key];
    return value === undefined ? [] : [{ block_id, action_id, value }];
  });
}

/** What was given on a surface, as the driver takes it. */
export function givenOn(surface: string): GivenValues {
  const values: GivenValues = {};
  for (const [key, value] of Object.entries(forms.get()[surface] ?? {})) {
    const [block = '', action = ''] = key.split('\n');
    values[block] = { ...values[block], [action]: value };
  }
  return values;
}

export function forgetForm(surface: string): void {
  unsent.delete(surface);
  forms.set(({ [surface]: _gone, ...others }) => others);
}

type Node = { type?: unknown; block_id?: unknown; action_id?: unknown; [key: string]: unknown };

function fieldsOf(value: unknown, block: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, block));
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  const within = typeof node.block_id === 'string' ? node.block_id : block;
  const own = typeof node.action_id === 'string' ? [fieldKey(within, node.action_id)] : [];
  return [...own, ...Object.values(node).flatMap((child) => fieldsOf(child, within))];
}

/** Drops what was given to fields that the app has since taken away, as Slack does. */
export function keepOnly(surface: string, blocks: Block[]): void {
  const fields = forms.get()[surface];
  if (fields === undefined) return;
  const there = new Set(fieldsOf(blocks, ''));
  const left = Object.entries(fields).filter(([key]) => there.has(key));
  if (left.length === Object.keys(fields).length) return;
  forms.set((all) => ({ ...all, [surface]: Object.fromEntries(left) }));
}

type StateObject = Record<string, unknown>;
const valuesOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((one) => String((one as { value?: unknown }).value ?? '')) : [];

/** What an element holds, out of its entry in `view.state.values`. */
export function givenOfState(state: StateObject): Given | undefined {
  for (const [field, value] of Object.entries(state)) {
    if (field === 'type' || value === null || value === undefined) continue;
    if (field === 'selected_option') return String((value as { value?: unknown }).value ?? '');
    if (field === 'selected_options') return valuesOf(value);
    if (field === 'files')
      return Array.isArray(value) ? value.map((file) => String((file as { id?: unknown }).id)) : [];
    if (field === 'value' || field.startsWith('selected_') || field === 'rich_text_value')
      return value as Given;
  }
  return undefined;
}

/** What an element starts from, by its own `initial_…`. */
export function givenOfElement(element: object): Given | undefined {
  const held = element as Record<string, unknown>;
  if (held.initial_option) return String((held.initial_option as { value?: unknown }).value ?? '');
  if (held.initial_options) return valuesOf(held.initial_options);
  const key = Object.keys(held).find((name) => name.startsWith('initial_'));
  return key === undefined ? undefined : (held[key] as Given);
}
