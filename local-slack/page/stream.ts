/** The server's events, gathered per frame so that a burst redraws once. */
import type { StreamEvent } from '../protocol.ts';

const KINDS: Record<StreamEvent['type'], true> = {
  message: true,
  message_changed: true,
  message_deleted: true,
  view: true,
  home: true,
  call: true,
  delivery: true,
  workspace: true,
};

export interface Following {
  onEvents: (events: StreamEvent[]) => void;
  onOpen: (again: boolean) => void;
  onLost: () => void;
}

/** Follows `/driver/stream`; the browser reconnects by itself, and `onOpen(true)` asks to load what was missed. */
export function follow({ onEvents, onOpen, onLost }: Following): () => void {
  const source = new EventSource('/driver/stream');
  let queue: StreamEvent[] = [];
  let planned = false;
  let opened = false;
  const flush = () => {
    planned = false;
    const events = queue;
    queue = [];
    onEvents(events);
  };
  const take = (event: MessageEvent<string>) => {
    queue.push(JSON.parse(event.data) as StreamEvent);
    if (planned) return;
    planned = true;
    // A hidden tab gets no frames, and still has to count what is unread.
    if (document.hidden) setTimeout(flush, 200);
    else requestAnimationFrame(flush);
  };
  for (const kind of Object.keys(KINDS)) source.addEventListener(kind, take as EventListener);
  source.onopen = () => {
    onOpen(opened);
    opened = true;
  };
  source.onerror = onLost;
  return () => source.close();
}
