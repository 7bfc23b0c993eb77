/** A very small store: one state, replaced as a whole, and a hook that redraws only when its selection changed. */
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export interface Store<S> {
  get: () => S;
  set: (change: (state: S) => S) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (change) => {
      const next = change(state);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSelected<S, T>(store: Store<S>, select: (state: S) => T): T {
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const selected = select(store.get());
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useLayoutEffect(() => {
    const check = () => {
      if (!Object.is(latest.current.select(store.get()), latest.current.selected)) redraw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
