/** Files: announced, then filled, then shared. */

import type { NewId } from '../ids.ts';
import { secret } from '../ids.ts';
import type { SlackFile } from '../protocol.ts';

export interface StoredFile extends SlackFile {
  user: string;
  /** Seconds since the epoch. */
  created: number;
  body: Uint8Array | undefined;
  complete: boolean;
  /** When blocks may show it. */
  processedAt: number;
  channels: Set<string>;
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  yml: 'text/yaml',
  yaml: 'text/yaml',
  html: 'text/html',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

export const extensionOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

export class Files {
  readonly #byId = new Map<string, StoredFile>();
  readonly #tickets = new Map<string, string>();
  readonly #newId: NewId;

  constructor(newId: NewId) {
    this.#newId = newId;
  }

  announce(file: {
    name: string;
    size: number;
    user: string;
    created: number;
    origin: string;
    altText?: string | undefined;
  }): { file: StoredFile; ticket: string } {
    const id = this.#newId('F');
    const stored: StoredFile = {
      id,
      name: file.name,
      title: file.name,
      mimetype: TYPES[extensionOf(file.name)] ?? 'application/octet-stream',
      size: file.size,
      url_private: `${file.origin}/files/${id}/${encodeURIComponent(file.name)}`,
      ...(file.altText !== undefined && { alt_text: file.altText }),
      user: file.user,
      created: file.created,
      body: undefined,
      complete: false,
      processedAt: 0,
      channels: new Set(),
    };
    const ticket = secret();
    this.#byId.set(id, stored);
    this.#tickets.set(ticket, id);
    return { file: stored, ticket };
  }

  awaiting(ticket: string): StoredFile | undefined {
    return this.#byId.get(this.#tickets.get(ticket) ?? '');
  }

  get(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }
}

/** What a message carries of a file. */
export function seen({ id, name, title, mimetype, size, url_private, alt_text }: StoredFile): SlackFile {
  return {
    id,
    name,
    ...(title !== undefined && { title }),
    mimetype,
    size,
    url_private,
    ...(alt_text !== undefined && { alt_text }),
  };
}
