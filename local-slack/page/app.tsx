/** The page as a whole: its regions, its dialogs, and what screen readers are told. */
import { useEffect } from 'preact/hooks';
import { ChannelPane } from './channel.tsx';
import { ConfirmHost } from './confirm.tsx';
import { Icon } from './icons.tsx';
import { JumpDialog } from './jump.tsx';
import { KeysDialog, onPageKey } from './keys.tsx';
import { ModalHost } from './modal.tsx';
import { Rail } from './rail.tsx';
import { dismiss } from './state/doing.ts';
import { directoryOf, usePage } from './state/page-store.ts';
import { useTicking } from './state/world-clock.ts';
import { ThreadPane } from './thread.tsx';
import { Wire } from './wire.tsx';

function Notices() {
  const notices = usePage((state) => state.notices);
  return (
    <div class="notices">
      {notices.map((notice) => (
        <div class="notice" key={notice.id} data-qa="notice">
          {notice.text}
          <button type="button" class="icon-btn" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

function Announcer() {
  const announced = usePage((state) => state.announced);
  return (
    <div class="sr-only" aria-live="polite" data-qa="announcer">
      {announced}
    </div>
  );
}

function useTitle(): void {
  const title = usePage((state) => {
    const { channel } = directoryOf(state.workspace);
    const name = channel(state.spot?.channel ?? '')?.name ?? state.workspace?.bot.name ?? '';
    const me = directoryOf(state.workspace).person(state.me)?.real_name ?? '';
    return [name, me, 'Local Slack'].filter(Boolean).join(' · ');
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

export function App() {
  useTitle();
  useTicking();
  useEffect(() => {
    document.addEventListener('keydown', onPageKey);
    return () => document.removeEventListener('keydown', onPageKey);
  }, []);
  return (
    <>
      <div class="frame">
        <Rail />
        <div class="centre">
          <div class="panes">
            <ChannelPane />
            <ThreadPane />
          </div>
          <Wire />
        </div>
      </div>
      <ModalHost />
      <ConfirmHost />
      <KeysDialog />
      <JumpDialog />
      <Notices />
      <Announcer />
    </>
  );
}
