/** The middle of the page: a channel, or the app's DM with its Home tab. */
import type { Channel } from '../protocol.ts';
import { Avatar } from './avatar.tsx';
import { Composer } from './composer.tsx';
import { Home } from './home.tsx';
import { Icon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { forgetMark, goTo, markRead } from './state/going.ts';
import { loadLog, loadOlder } from './state/loading.ts';
import { isIn, store, useDirectory, useMe, usePage } from './state/page-store.ts';
import type { Spot } from './state/state.ts';
import { Tools } from './tools.tsx';

function MenuToggle() {
  return (
    <button
      type="button"
      class="icon-btn only-narrow"
      aria-label="Channels and people"
      data-qa="open-rail"
      onClick={() => store.set((state) => ({ ...state, railOpen: true }))}
    >
      <Icon name="menu" />
    </button>
  );
}

function Tabs({ spot }: { spot: Spot }) {
  const tabs = [
    { tab: 'home', label: 'Home' },
    { tab: 'messages', label: 'Messages' },
  ] as const;
  return (
    <nav class="tabs" aria-label="App">
      {tabs.map(({ tab, label }) => (
        <button
          type="button"
          key={tab}
          class="tab"
          aria-current={spot.tab === tab ? 'page' : undefined}
          data-qa={`tab-${tab}`}
          onClick={() => void goTo({ channel: spot.channel, tab })}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

function Title({ channel }: { channel: Channel | undefined }) {
  const { workspace, person } = useDirectory();
  if (channel) {
    return (
      <div class="pane-title">
        <h1>
          <Icon name={channel.is_private ? 'lock' : 'hash'} size={18} /> {channel.name}
        </h1>
        <span class="topic">{channel.topic}</span>
      </div>
    );
  }
  return (
    <div class="pane-title">
      <h1>
        <Avatar person={person(workspace?.bot.user_id ?? '')} size={24} /> {workspace?.bot.name}
      </h1>
      <span class="tag">App</span>
    </div>
  );
}

function Messages({ spot, name }: { spot: Spot; name: string }) {
  const log = usePage((state) => state.logs[spot.channel]);
  if (log === undefined) return <div class="list-frame loading" aria-busy="true" />;
  if (log.messages.length === 0) {
    return (
      <div class="list-frame empty">
        <p>Nothing has been said here yet.</p>
        <p>
          Type <kbd>/</kbd> to see what the app can do.
        </p>
      </div>
    );
  }
  const onLatest = () => {
    forgetMark();
    void loadLog(spot.channel);
  };
  return (
    <MessageList
      key={spot.channel}
      messages={log.messages}
      label={`Messages in ${name}`}
      at={spot.at}
      older={log.older}
      onOlder={() => loadOlder(spot.channel)}
      readTo={log.readAtOpen}
      until={log.lastAtOpen}
      onEnd={(last) => {
        if (!log.newer) markRead(spot.channel, last);
      }}
      onLatest={log.newer ? onLatest : undefined}
    />
  );
}

/** Only who is in a channel writes there. */
function Writing({ channel, spot, name }: { channel: Channel | undefined; spot: Spot; name: string }) {
  const outside = usePage((state) => channel !== undefined && !isIn(channel, state.me));
  const me = useMe();
  if (outside) {
    return (
      <p class="not-in">
        {me?.real_name} is not in {name}, and only reads here.
      </p>
    );
  }
  return <Composer channel={spot.channel} label={`Message ${name}`} />;
}

export function ChannelPane() {
  const spot = usePage((state) => state.spot);
  const directory = useDirectory();
  if (spot === undefined) return <main class="pane" aria-label="Conversation" />;
  const channel = directory.channel(spot.channel);
  const name = channel ? `#${channel.name}` : (directory.workspace?.bot.name ?? 'app');
  return (
    <main class="pane" aria-label={name} data-region="pane" tabIndex={-1}>
      <header class="pane-head">
        <MenuToggle />
        <Title channel={channel} />
        <Tools />
      </header>
      {!channel && <Tabs spot={spot} />}
      {spot.tab === 'home' && !channel ? (
        <Home />
      ) : (
        <>
          <Messages spot={spot} name={name} />
          <Writing channel={channel} spot={spot} name={name} />
        </>
      )}
    </main>
  );
}
