/** What is left to read. */
import { useMemo } from 'preact/hooks';
import { groupsOf, type Unread, unreadOf } from './state/messages.ts';
import { useDirectory, usePage } from './state/page-store.ts';

/** What a person has not read of one conversation. */
export function useUnread(channel: string, user: string): Unread {
  const seen = usePage((state) => state.seen[channel]);
  const readTo = usePage((state) => state.read[user]?.[channel]);
  const { workspace } = useDirectory();
  return useMemo(() => {
    const dm = workspace?.dms.some((one) => one.id === channel) ?? false;
    return unreadOf(seen, readTo, { id: user, groups: groupsOf(workspace?.usergroups ?? [], user), dm });
  }, [seen, readTo, workspace, user, channel]);
}
