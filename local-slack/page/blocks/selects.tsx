/** Select menus: fixed options, options the app suggests, people, channels and conversations; one or several. */
import type {
  ExternalSelect,
  MultiExternalSelect,
  MultiSelect,
  MultiStaticSelect,
  Select,
  StaticSelect,
} from '@slack/types';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ChoiceGroup, type Choosable, Combobox } from '../combobox.tsx';
import { driver } from '../driver.ts';
import { channelsOf, dmOf, useDirectory, usePage } from '../state/page-store.ts';
import { plainOf, type TextLike } from '../text/text-view.tsx';
import { useControl, useField, useSurface } from './surface.ts';

type AnySelect = Select | MultiSelect;

interface OptionLike {
  text: TextLike;
  value?: string;
  description?: TextLike;
}

const choosable = (option: OptionLike): Choosable => ({
  value: option.value ?? '',
  label: plainOf(option.text),
  ...(option.description ? { detail: plainOf(option.description) } : {}),
});

function groupsOf(from: {
  options?: OptionLike[] | undefined;
  option_groups?: { label: TextLike; options: OptionLike[] }[] | undefined;
}): ChoiceGroup[] {
  if (from.option_groups) {
    return from.option_groups.map(({ label, options }) => ({
      label: plainOf(label),
      options: options.map(choosable),
    }));
  }
  return [{ options: (from.options ?? []).map(choosable) }];
}

interface Shown {
  element: AnySelect;
  groups: ChoiceGroup[];
  /** Options known from elsewhere: what is chosen may not be among what is offered now. */
  known?: Choosable[];
  onQuery?: (query: string) => void;
  status?: string | undefined;
}

function SelectBox({ element, groups, known = [], onQuery, status }: Shown) {
  const field = useField(element);
  const many = element.type.startsWith('multi_');
  const placeholder = plainOf(element.placeholder) || 'Choose';
  const { id, hooks, named } = useControl(element, placeholder);
  const values = (Array.isArray(field.value) ? field.value : [field.value])
    .filter((one) => one !== undefined)
    .map(String);
  const all = [...groups.flatMap((group) => group.options), ...known];
  const chosen = values.map((value) => all.find((one) => one.value === value) ?? { value, label: value });
  return (
    <Combobox
      id={id}
      groups={groups}
      chosen={chosen}
      many={many}
      most={'max_selected_items' in element ? element.max_selected_items : undefined}
      placeholder={placeholder}
      onChoose={(next) => field.choose(many ? next : (next[0] ?? null))}
      onQuery={onQuery}
      status={status}
      busy={field.busy}
      focus={element.focus_on_load}
      hooks={hooks}
      named={named}
    />
  );
}

const QUIET_MS = 180;

/** Asks the app for options a moment after the last key, and takes only the newest answer. */
function useSuggestions(element: ExternalSelect | MultiExternalSelect, blockId: string) {
  const surface = useSurface();
  const me = usePage((state) => state.me);
  const [found, setFound] = useState<Choosable[]>([]);
  const [status, setStatus] = useState<string | undefined>('Loading …');
  const [seen, setSeen] = useState<Choosable[]>([]);
  const asked = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const least = element.min_query_length ?? 3;
  const ask = async (query: string) => {
    asked.current += 1;
    const mine = asked.current;
    const request = {
      user: me,
      action_id: element.action_id ?? '',
      block_id: blockId,
      query,
      ...surface.place,
    };
    const answer = await driver.suggest(request);
    if (mine !== asked.current) return;
    setStatus(answer.ok ? undefined : (answer.error ?? 'The app did not answer.'));
    const options = answer.ok ? answer.options.map(choosable) : [];
    setFound(options);
    setSeen((before) => [...options, ...before].slice(0, 500));
  };
  const onQuery = (query: string) => {
    clearTimeout(timer.current);
    asked.current += 1;
    if (query.length < least) {
      setFound([]);
      return setStatus(`Type ${least} or more characters.`);
    }
    setStatus('Loading …');
    timer.current = setTimeout(() => void ask(query), query === '' ? 0 : QUIET_MS);
  };
  return { found, status, seen, onQuery };
}

type HeldOptions = { selected_option?: OptionLike | null; selected_options?: OptionLike[] | null };

function ExternalView({ element }: { element: ExternalSelect | MultiExternalSelect }) {
  const surface = useSurface();
  const { around } = useControl(element, '');
  const { found, status, seen, onQuery } = useSuggestions(element, around.blockId);
  const held = (surface.values[around.blockId]?.[element.action_id ?? ''] ?? {}) as HeldOptions;
  const initial =
    element.type === 'external_select' ? [element.initial_option] : (element.initial_options ?? []);
  const before = [held.selected_option, ...(held.selected_options ?? []), ...initial].filter(
    (one) => one != null,
  );
  return (
    <SelectBox
      element={element}
      groups={found.length > 0 ? [{ options: found }] : []}
      known={[...seen, ...before.map(choosable)]}
      onQuery={onQuery}
      status={status}
    />
  );
}

function StaticView({ element }: { element: StaticSelect | MultiStaticSelect }) {
  return <SelectBox element={element} groups={groupsOf(element)} />;
}

function usePeople(withBots: boolean): Choosable[] {
  const { workspace } = useDirectory();
  return (workspace?.users ?? [])
    .filter((person) => !person.deleted && (withBots || !person.is_bot))
    .map((person) => ({
      value: person.id,
      label: person.real_name,
      detail: person.title ?? `@${person.name}`,
    }));
}

type Kinds = { include?: string[]; exclude_bot_users?: boolean };

function useConversations(filter: Kinds | undefined): Choosable[] {
  const { workspace } = useDirectory();
  const me = usePage((state) => state.me);
  const shown = (kind: string) => filter?.include?.includes(kind) ?? true;
  const channels = channelsOf(workspace, me)
    .filter((channel) => shown(channel.is_private ? 'private' : 'public'))
    .map((channel) => ({
      value: channel.id,
      label: `# ${channel.name}`,
      ...(channel.topic ? { detail: channel.topic } : {}),
    }));
  const dm = dmOf(workspace, me);
  const app =
    dm && shown('im') && !filter?.exclude_bot_users && workspace
      ? [{ value: dm, label: workspace.bot.name }]
      : [];
  return [...channels, ...app];
}

function PeopleView({ element }: { element: AnySelect }) {
  return <SelectBox element={element} groups={[{ options: usePeople(true) }]} />;
}

function ChannelsView({ element }: { element: AnySelect }) {
  const filter =
    'filter' in element
      ? element.filter
      : element.type.includes('channels')
        ? { include: ['public'] }
        : undefined;
  return <SelectBox element={element} groups={[{ options: useConversations(filter) }]} />;
}

export function SelectView({ element }: { element: AnySelect }) {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return <StaticView element={element} />;
    case 'external_select':
    case 'multi_external_select':
      return <ExternalView element={element} />;
    case 'users_select':
    case 'multi_users_select':
      return <PeopleView element={element} />;
    default:
      return <ChannelsView element={element} />;
  }
}
