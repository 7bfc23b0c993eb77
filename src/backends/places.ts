/** Which place an adapter's settings mean by a service in an environment, and what the adapter keeps of it. */

import { own } from '../defined.ts';
import { BackendError, type Target } from './port.ts';

export const idOf = ({ service, environment }: Target): string => `${service}/${environment}`;

/** `unsaid`: what the settings do not say, of `checkout in production`. */
export function placeIn<P>(
  services: Readonly<Record<string, Readonly<Record<string, P>>>>,
  { service, environment }: Target,
  unsaid: (place: string) => string,
): P {
  const found = own(own(services, service), environment);
  if (found !== undefined) return found;
  throw new BackendError(unsaid(`${service} in ${environment}`), { final: true });
}

/** A file is opened with the first call: `gonogo check` opens an adapter and writes nothing. */
export function openedLate<T extends { close(): void }>(open: () => T): { (): T; close(): void } {
  let opened: T | undefined;
  const get = (): T => {
    opened ??= open();
    return opened;
  };
  return Object.assign(get, {
    close() {
      opened?.close();
      opened = undefined;
    },
  });
}
