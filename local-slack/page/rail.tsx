/** The left rail: the workspace, whom one acts as, and every conversation of theirs. */
import { Avatar, Mark } from './avatar.tsx';
import { Icon, type IconName } from './icons.tsx';
import { PersonSwitch } from './person-switch.tsx';
import { goTo } from './state/going.ts';
import { channelsOf, dmOf, store, useDirectory, usePage } from './state/page-store.ts';
import type { Spot } from './state/state.ts';
import { showDialog } from './tools.tsx';
import { useUnread } from './unread.ts';

interface EntryProps {
  spot: Spot;
  label: string;
  icon: IconName;
  qa: string;
}

function Entry({ spot, label, icon, qa }: EntryProps) {
  const me = usePage((state) => state.me);
  const here = usePage((state) => state.spot?.channel === spot.channel && state.spot.tab === spot.tab);
  const all = useUnread(spot.channel, me);
  const unread = spot.tab === 'home' ? { any: false, calls: 0 } : all;
  return (
    <li>
      <button
        type="button"
        class={unread.any && !here ? 'entry unread' : 'entry'}
        aria-current={here ? 'page' : undefined}
        data-qa={qa}
        onClick={() => void goTo(spot)}
      >
        <Icon name={icon} size={16} />
        <span class="entry-name">{label}</span>
        {unread.calls > 0 && (
          <span class="badge">
            {unread.calls > 99 ? '99+' : unread.calls}
            <span class="sr-only"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}

function Connection() {
  const live = usePage((state) => state.live);
  const { workspace } = useDirectory();
  const name = workspace?.bot.name ?? 'The app';
  const [look, words] = !live
    ? ['off', 'The local Slack does not answer']
    : workspace?.connected
      ? ['on', `${name} is connected`]
      : ['wait', `${name} is not connected`];
  return (
    <div class={`connection ${look}`} role="status" data-qa="connection">
      <span class="lamp" /> {words}
    </div>
  );
}

export function Rail() {
  const open = usePage((state) => state.railOpen);
  const me = usePage((state) => state.me);
  const { workspace, person } = useDirectory();
  const dm = dmOf(workspace, me);
  const close = () => store.set((state) => ({ ...state, railOpen: false }));
  return (
    <>
      {open && <div class="scrim only-narrow" onClick={close} aria-hidden="true" />}
      <nav class={open ? 'rail open' : 'rail'} aria-label="Workspace" data-region="rail" tabIndex={-1}>
        <div class="rail-head">
          <Mark />
          <div class="rail-names">
            <strong>{workspace?.team.name ?? 'Local Slack'}</strong>
            <small>Local Slack</small>
          </div>
          <button
            type="button"
            class="icon-btn"
            aria-label="Jump to"
            title="Jump to (Ctrl+K)"
            data-qa="jump"
            onClick={() => showDialog('jump')}
          >
            <Icon name="search" />
          </button>
          <button type="button" class="icon-btn only-narrow" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <PersonSwitch />
        <div class="rail-scroll">
          <h2 class="rail-title">Channels</h2>
          <ul>
            {channelsOf(workspace, me).map((channel) => (
              <Entry
                key={channel.id}
                spot={{ channel: channel.id, tab: 'messages' }}
                label={channel.name}
                icon={channel.is_private ? 'lock' : 'hash'}
                qa={`channel-${channel.name}`}
              />
            ))}
          </ul>
          {dm && workspace && (
            <>
              <h2 class="rail-title rail-app">
                <Avatar person={person(workspace.bot.user_id)} size={18} /> {workspace.bot.name}
              </h2>
              <ul>
                <Entry spot={{ channel: dm, tab: 'home' }} label="Home" icon="home" qa="app-home" />
                <Entry
                  spot={{ channel: dm, tab: 'messages' }}
                  label="Messages"
                  icon="reply"
                  qa={`channel-${workspace.bot.name}`}
                />
              </ul>
            </>
          )}
        </div>
        <Connection />
      </nav>
    </>
  );
}
