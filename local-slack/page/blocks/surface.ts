/** Where a block is drawn and what its elements may do there: contexts, and the hooks that every element uses. */
import { createContext } from 'preact';
import { useContext, useId, useState } from 'preact/hooks';
import { askConfirm, type ConfirmObject } from '../confirm.tsx';
import type { Given, Place } from '../driver.ts';
import { act, keepGiven } from '../state/doing.ts';
import { give, givenOfElement, givenOfState, useGiven } from '../state/forms.ts';

export interface Surface {
  /** A view's id, or a message's channel and time. */
  key: string;
  place: Place;
  /** A view's state as the server holds it. */
  values: Record<string, Record<string, Record<string, unknown>>>;
  errors: Record<string, string>;
  clearError: (blockId: string) => void;
}

export const SurfaceContext = createContext<Surface>({
  key: '',
  place: { view_id: '' },
  values: {},
  errors: {},
  clearError: () => undefined,
});

export const useSurface = () => useContext(SurfaceContext);

/** What an element needs to know of the block around it. */
export interface Around {
  blockId: string;
  /** Whether a change is sent to the app at once. */
  dispatches: boolean;
  /** The id of the text that names the element. */
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  fieldId?: string | undefined;
  invalid: boolean;
  required: boolean;
  /** In an input block an element takes the full width. */
  full: boolean;
}

export const AroundContext = createContext<Around>({
  blockId: '',
  dispatches: true,
  invalid: false,
  required: false,
  full: false,
});

export const useAround = () => useContext(AroundContext);

export interface ElementLike {
  type: string;
  action_id?: string;
  confirm?: ConfirmObject;
}

export interface Acting {
  busy: boolean;
  /** Asks first if the element says so, then tells the app. False when the person thought better of it. */
  run: (value?: Given) => Promise<boolean>;
}

export function useAct(element: ElementLike): Acting {
  const surface = useSurface();
  const { blockId } = useAround();
  const [busy, setBusy] = useState(false);
  const run = async (value?: Given) => {
    if (busy || (element.confirm && !(await askConfirm(element.confirm)))) return false;
    setBusy(true);
    await keepGiven(surface.place, surface.key);
    await act({
      ...surface.place,
      action_id: element.action_id ?? '',
      block_id: blockId,
      ...(value === undefined ? {} : { value }),
    });
    setBusy(false);
    return true;
  };
  return { busy, run };
}

export interface Field {
  value: Given | undefined;
  /** Keeps a value without telling the app. */
  set: (value: Given) => void;
  /** Tells the app, where the block does that. */
  send: (value: Given) => void;
  /** Both, as a choice does. */
  choose: (value: Given) => void;
  busy: boolean;
}

/** The value of a stateful element: what the person gave, else what the server holds, else what it starts from. */
export function useField(element: ElementLike): Field {
  const surface = useSurface();
  const { blockId, dispatches } = useAround();
  const action = element.action_id ?? '';
  const given = useGiven(surface.key, blockId, action);
  const held = surface.values[blockId]?.[action];
  const before = held ? givenOfState(held) : givenOfElement(element);
  const { busy, run } = useAct(element);
  const set = (value: Given) => {
    give(surface.key, blockId, action, value, !dispatches);
    if (surface.errors[blockId]) surface.clearError(blockId);
  };
  const send = (value: Given) => {
    if (!dispatches) return;
    void run(value).then((sent) => {
      if (!sent) set(before ?? null);
    });
  };
  const choose = (value: Given) => {
    set(value);
    send(value);
  };
  return { value: given === undefined ? before : (given ?? undefined), set, send, choose, busy };
}

/** What every control carries: hooks for tests, its name and its error for assistive technology. */
export function useControl(element: ElementLike, fallbackLabel: string) {
  const around = useAround();
  const ownId = useId();
  const label = around.labelledBy
    ? { 'aria-labelledby': around.labelledBy }
    : { 'aria-label': fallbackLabel };
  return {
    around,
    id: around.fieldId ?? ownId,
    hooks: { 'data-action-id': element.action_id ?? '', 'data-block-id': around.blockId },
    named: {
      ...label,
      ...(around.describedBy ? { 'aria-describedby': around.describedBy } : {}),
      ...(around.invalid ? { 'aria-invalid': true as const } : {}),
    },
  };
}
