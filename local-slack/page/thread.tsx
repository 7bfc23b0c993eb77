/** The thread at the side: its first message, its replies, and where one answers. */
import { useEffect } from 'preact/hooks';
import { Composer } from './composer.tsx';
import { Icon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { closeThread, markRead } from './state/going.ts';
import { loadThread } from './state/loading.ts';
import { useDirectory, usePage } from './state/page-store.ts';
import { threadKey } from './state/state.ts';

export function ThreadPane() {
  const thread = usePage((state) => state.thread);
  const me = usePage((state) => state.me);
  const messages = usePage((state) =>
    thread ? state.threads[threadKey(thread.channel, thread.ts)] : undefined,
  );
  const at = usePage((state) => state.spot?.at);
  const directory = useDirectory();
  const missing = thread !== undefined && messages === undefined;
  useEffect(() => {
    if (thread && missing) void loadThread(thread.channel, thread.ts);
  }, [thread, missing, me]);
  if (!thread) return null;
  const channel = directory.channel(thread.channel);
  const where = channel ? `#${channel.name}` : (directory.workspace?.bot.name ?? '');
  return (
    <aside class="thread" data-qa="thread" data-region="thread" aria-label="Thread" tabIndex={-1}>
      <header class="pane-head">
        <div class="pane-title">
          <h2>Thread</h2>
          <span class="topic">{where}</span>
        </div>
        <button
          type="button"
          class="icon-btn"
          aria-label="Close thread"
          data-qa="close-thread"
          onClick={closeThread}
        >
          <Icon name="close" />
        </button>
      </header>
      <MessageList
        key={threadKey(thread.channel, thread.ts)}
        messages={messages ?? []}
        label="Thread"
        inThread
        at={messages?.some((message) => message.ts === at && at !== thread.ts) ? at : undefined}
        onEnd={(last) => markRead(thread.channel, last)}
      />
      <Composer channel={thread.channel} thread={thread.ts} label="Reply" />
    </aside>
  );
}
