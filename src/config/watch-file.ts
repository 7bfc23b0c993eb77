/** Tells when a file may say something else: editors and orchestrators replace it rather than write into it. */

import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface WatchFileOptions {
  /** Milliseconds between the first sign of a change and the call: what changes is still being written. */
  settle?: number;
  onChange(): void;
  /** It can be watched no more; what is known stays. */
  onError(error: Error): void;
}

const SETTLE_MS = 250;

/** Watches the folder, not the file: a file that is replaced takes its watch with it. The returned function ends it. */
export function watchFile(
  file: string,
  { settle = SETTLE_MS, onChange, onError }: WatchFileOptions,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(file), (_event, name) => {
    // A mounted ConfigMap changes by the link `..data` beside the file.
    const ours = name === null || name === basename(file) || name.startsWith('..');
    if (!ours || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      onChange();
    }, settle);
  });
  watcher.on('error', onError);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
