/** Which place an adapter's settings mean by a service in an environment, and what the adapter keeps of it. */

import { own } from '../defined.ts';
import { BackendError, type Target } from './port.ts';

export const idOf = ({ service, environment }: Target): string => `${service}/${environment}`;

/** `where` goes behind the name of the instance: "eu does not say …". */
export function placeIn<P>(
  services: Readonly<Record<string, Readonly<Record<string, P>>>>,
  { service, environment }: Target,
  { name, where }: { name: string; where: string },
): P {
  const found = own(own(services, service), environment);
  if (found !== undefined) return found;
  throw new BackendError(`${name} does not say ${where} ${service} in ${environment} is`, { final: true });
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
