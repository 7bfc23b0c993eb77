/** Other apps of the workspace: monitoring, CI, whatever posts there beside the app under test. */
import { steadyId } from '../ids.ts';
import type { People } from './people.ts';

export interface OtherApp {
  appId: string;
  botId: string;
  /** Its bot user; unset for an incoming webhook, which is nobody. */
  userId?: string;
  name: string;
}

/** An incoming webhook posts as itself, into its own channel. */
export interface Webhook {
  app: OtherApp;
  channel: string;
  /** The last part of its address: whoever knows it may post. */
  secret: string;
}

/** What Slack calls an integration that nobody gave a name. */
const WEBHOOK_NAME = 'incoming-webhook';

const COLOR = '#4a5a6a';

export class Apps {
  readonly #byName = new Map<string, OtherApp>();
  readonly #byBot = new Map<string, OtherApp>();
  readonly #people: People;
  readonly #team: string;

  constructor(people: People, team: string) {
    this.#people = people;
    this.#team = team;
  }

  /** The app of this name, installed when it is first named. */
  named(name: string): OtherApp {
    const known = this.#byName.get(name.toLowerCase());
    if (known !== undefined) return known;
    const app = {
      appId: steadyId('A', name.toLowerCase()),
      botId: steadyId('B', name.toLowerCase()),
      userId: steadyId('U', name.toLowerCase()),
      name,
    };
    this.#byName.set(name.toLowerCase(), app);
    this.#byBot.set(app.botId, app);
    this.#people.add({
      id: app.userId,
      name: name.toLowerCase().replaceAll(/\s+/g, '-'),
      real_name: name,
      tz: 'Etc/UTC',
      color: COLOR,
      deleted: false,
      is_bot: true,
      is_restricted: false,
      is_ultra_restricted: false,
      team_id: this.#team,
    });
    return app;
  }

  all(): OtherApp[] {
    return [...this.#byName.values()];
  }

  isInstalled(name: string): boolean {
    return this.#byName.has(name.toLowerCase());
  }

  /** The webhook of a channel; the same on every start, so that a program's settings stay good. */
  webhookOf(channel: string): Webhook {
    const app = {
      appId: steadyId('A', WEBHOOK_NAME),
      botId: steadyId('B', `${WEBHOOK_NAME} ${channel}`),
      name: WEBHOOK_NAME,
    };
    this.#byBot.set(app.botId, app);
    return { app, channel, secret: 'localwebhooksecret' };
  }

  /** By the id of its bot. */
  get(botId: string): OtherApp | undefined {
    return this.#byBot.get(botId);
  }

  withUser(userId: string): OtherApp | undefined {
    return [...this.#byName.values()].find((app) => app.userId === userId);
  }
}
