/** Which version a pod template runs, and the patch that has it run another: by digest, never by a name alone. */

import { createHash } from 'node:crypto';
import { BackendError, type Change, type Release } from '../port.ts';
import type { Template } from './objects.ts';

/** Annotations of GoNoGo's own. */
const VERSION = 'gonogo.dev/version';
const SHA = 'gonogo.dev/sha';
const DIGEST = 'gonogo.dev/digest';
const KEYS = 'gonogo.dev/keys';
/** How many there were before all were taken out. */
export const REPLICAS = 'gonogo.dev/replicas';
const CAUSE = 'kubernetes.io/change-cause';

/** So many of the last keys are with the object itself; this machine's file knows all. */
const KEPT_KEYS = 20;

export interface ImageSettings {
  /** The containers that run the image; the first says which version that is. */
  containers: readonly string[];
  /** `registry.example.com/checkout@{digest}` */
  image: string;
}

type Metadata = { annotations: Record<string, string>; resourceVersion: string };
export type Operation = { op: 'add' | 'replace' | 'remove'; path: string; value?: unknown };

/** Of the container that says which version it is. */
export function imageOf(template: Template, { containers }: ImageSettings): string | undefined {
  const all = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
  return all.find(({ name }) => name === containers[0])?.image;
}

export function digestIn(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}

/** Not what a name says where another image stands under it: somebody else may have changed one and left the other. */
export function versionOf(
  template: Template,
  settings: ImageSettings,
  releases: readonly Release[] = [],
): string | undefined {
  const image = imageOf(template, settings);
  if (image === undefined || image === '') return undefined;
  const digest = digestIn(image);
  const { annotations = {} } = template.metadata ?? {};
  if (digest !== undefined && annotations[DIGEST] === digest && annotations[VERSION] !== undefined) {
    return annotations[VERSION];
  }
  const known = releases.find((release) => release.digest === digest);
  return known?.version ?? tagOf(image) ?? digest ?? image;
}

function tagOf(image: string): string | undefined {
  return /:([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(image.replace(/@.*$/, '').replace(/^.*\//, ''))?.[1];
}

/** Whether a name needs the list of releases: nothing in the template says it. */
export function isNameless(template: Template, settings: ImageSettings): boolean {
  return versionOf(template, settings)?.startsWith('sha256:') === true;
}

/** A key may hold anything, and be long. */
function short(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** Newest first. */
function keysOn({ annotations }: Pick<Metadata, 'annotations'>): string[] {
  return (annotations[KEYS] ?? '').split(',').filter(Boolean);
}

export function hasKey(metadata: Pick<Metadata, 'annotations'>, key: string): boolean {
  return keysOn(metadata).includes(short(key));
}

/** Whether the command with this key is the last one there, came before another, or was not there yet. */
export function claimOf(
  metadata: Pick<Metadata, 'annotations'>,
  key: string,
): 'none' | 'newest' | 'overtaken' {
  const at = keysOn(metadata).indexOf(short(key));
  if (at < 0) return 'none';
  return at === 0 ? 'newest' : 'overtaken';
}

/** Only on the object that was read, and with the key on it: both at once, or neither. */
export function patchOf(
  metadata: Metadata,
  key: string,
  cause: string,
  operations: readonly Operation[],
  more: Readonly<Record<string, string | undefined>> = {},
): Operation[] {
  const { annotations, resourceVersion } = metadata;
  const before = keysOn(metadata).filter((one) => one !== short(key));
  const keys = [short(key), ...before].slice(0, KEPT_KEYS);
  const all = { ...annotations, [KEYS]: keys.join(','), [CAUSE]: cause, ...more };
  const value = Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined));
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'add', path: '/metadata/annotations', value },
    ...operations,
  ];
}

/** Has the template run the version: its image by digest, in every container that runs it. */
export function imageOperations(
  template: Template,
  settings: ImageSettings,
  { version, sha, digest }: Pick<Change, 'version' | 'sha' | 'digest'>,
): Operation[] {
  const image = settings.image.replaceAll('{digest}', digest).replaceAll('{version}', version);
  const inTemplate = settings.containers.map((name): Operation => {
    for (const list of ['containers', 'initContainers'] as const) {
      const index = template.spec[list]?.findIndex((container) => container.name === name) ?? -1;
      if (index >= 0)
        return { op: 'replace', path: `/spec/template/spec/${list}/${index}/image`, value: image };
    }
    throw new BackendError(`its pod template has no container ${name}`, { final: true });
  });
  const { annotations = {} } = template.metadata ?? {};
  const value = { ...annotations, [VERSION]: version, [SHA]: sha, [DIGEST]: digest };
  return [{ op: 'add', path: '/spec/template/metadata/annotations', value }, ...inTemplate];
}
