/** The local Slack's driver, asked plainly: what it refuses is something that is not there now, and a person looks again. */

import type { Block, Call, Message, View } from '../../local-slack/protocol.ts';

export class PlainDriver {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async messages(of: { channel: string; user?: string; thread_ts?: string }): Promise<Message[]> {
    return (await this.#get('messages', of)).messages;
  }

  async view(user: string): Promise<View | null> {
    return (await this.#get('view', { user })).view;
  }

  /** Those that Slack carried out. */
  async done(method: string): Promise<Call[]> {
    return ((await this.#get('calls', { method })).calls as Call[]).filter(({ ok }) => ok);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the driver's answers are read field by field, and a wrong one fails the test
  async post(call: string, body: object): Promise<any> {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${this.#url}/driver/${call}`, sent)).json();
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #get(what: string, query: Record<string, string>): Promise<any> {
    return (await fetch(`${this.#url}/driver/${what}?${new URLSearchParams(query)}`)).json();
  }
}

export function hasAction(blocks: readonly Block[], action: string): boolean {
  return JSON.stringify(blocks).includes(`"action_id":"${action}"`);
}
