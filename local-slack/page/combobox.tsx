/** A field that narrows a list as one types, for one or several choices, by ARIA's combobox pattern. */
import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { Popup } from './popup.tsx';

export interface Choosable {
  value: string;
  label: string;
  detail?: string;
}

export interface ChoiceGroup {
  label?: string;
  options: Choosable[];
}

export interface ComboboxProps {
  groups: ChoiceGroup[];
  chosen: Choosable[];
  many: boolean;
  most?: number | undefined;
  placeholder: string;
  onChoose: (values: string[]) => void;
  /** Called as the query changes; the groups then come already narrowed. */
  onQuery?: ((query: string) => void) | undefined;
  /** Said in place of options: that one must type more, that it is loading. */
  status?: string | undefined;
  busy?: boolean;
  id: string;
  focus?: boolean | undefined;
  hooks: Record<string, string>;
  named: Record<string, string | boolean>;
}

const MAX_DRAWN = 100;

function narrowed(groups: ChoiceGroup[], query: string): ChoiceGroup[] {
  const typed = query.trim().toLowerCase();
  const fits = (option: Choosable) =>
    typed === '' ||
    option.label.toLowerCase().includes(typed) ||
    option.detail?.toLowerCase().includes(typed);
  let left = MAX_DRAWN;
  return groups.flatMap((group) => {
    const options = group.options.filter(fits).slice(0, left);
    left -= options.length;
    return options.length > 0 ? [{ ...group, options }] : [];
  });
}

function Chips({ chosen, onRemove }: { chosen: Choosable[]; onRemove: (value: string) => void }) {
  return (
    <>
      {chosen.map((one) => (
        <span class="chip" key={one.value} data-value={one.value}>
          {one.label}
          <button type="button" aria-label={`Remove ${one.label}`} onClick={() => onRemove(one.value)}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
    </>
  );
}

interface ListProps {
  id: string;
  groups: ChoiceGroup[];
  active: Choosable | undefined;
  chosen: string[];
  many: boolean;
  empty: string;
  name: string;
  onPick: (option: Choosable) => void;
}

const optionId = (list: string, value: string) =>
  `${list}-${value.replace(/[^\w-]/g, (sign) => `_${sign.charCodeAt(0)}`)}`;

function Option({
  option,
  list,
  picked,
  active,
  onPick,
}: {
  option: Choosable;
  list: string;
  picked: boolean;
  active: boolean;
  onPick: () => void;
}) {
  return (
    <div
      role="option"
      id={optionId(list, option.value)}
      aria-selected={picked}
      class={active ? 'option active' : 'option'}
      data-value={option.value}
      ref={active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
      // The field keeps the focus, and with it the keyboard.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <span class="option-label">
        {option.label}
        {option.detail && <small>{option.detail}</small>}
      </span>
      {picked && <Icon name="check" size={16} />}
    </div>
  );
}

function OptionList({ id, groups, active, chosen, many, empty, name, onPick }: ListProps) {
  if (groups.length === 0) return <div class="list-status">{empty}</div>;
  return (
    <div role="listbox" id={id} aria-label={name} aria-multiselectable={many || undefined}>
      {groups.map((group, index) => (
        <div
          {...(group.label ? { role: 'group' as const, 'aria-label': group.label } : {})}
          key={group.label ?? index}
        >
          {group.label && (
            <div class="group-label" aria-hidden="true">
              {group.label}
            </div>
          )}
          {group.options.map((option) => (
            <Option
              key={option.value}
              option={option}
              list={id}
              picked={chosen.includes(option.value)}
              active={active?.value === option.value}
              onPick={() => onPick(option)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

export function Combobox(props: ComboboxProps) {
  const { chosen, many, onChoose, placeholder, hooks, named, id } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const groups = props.onQuery ? props.groups : narrowed(props.groups, query);
  const flat = groups.flatMap((group) => group.options);
  const active = open ? flat[Math.min(at, flat.length - 1)] : undefined;
  const values = chosen.map((one) => one.value);

  const show = () => {
    if (open) return;
    setOpen(true);
    setAt(
      Math.max(
        0,
        flat.findIndex((option) => option.value === values[0]),
      ),
    );
    props.onQuery?.('');
  };
  const hide = () => {
    setOpen(false);
    setQuery('');
  };
  const pick = (option: Choosable) => {
    setQuery('');
    if (!many) {
      onChoose([option.value]);
      return hide();
    }
    if (values.includes(option.value)) onChoose(values.filter((value) => value !== option.value));
    else if (values.length < (props.most ?? Number.POSITIVE_INFINITY)) onChoose([...values, option.value]);
    if (query && props.onQuery) props.onQuery('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return show();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (flat.length > 0) setAt((Math.min(at, flat.length - 1) + step + flat.length) % flat.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (active) pick(active);
      else if (!open) show();
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (event.key === 'Backspace' && query === '' && many && values.length > 0) {
      onChoose(values.slice(0, -1));
    }
  };
  const single = many ? '' : (chosen[0]?.label ?? '');
  return (
    <div class={open ? 'combobox open' : 'combobox'} ref={box} aria-busy={props.busy} {...hooks}>
      {many && (
        <Chips chosen={chosen} onRemove={(gone) => onChoose(values.filter((value) => value !== gone))} />
      )}
      <input
        ref={input}
        id={id}
        type="text"
        role="combobox"
        autoComplete="off"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={active ? optionId(listId, active.value) : undefined}
        aria-autocomplete="list"
        data-focus={props.focus ? 'yes' : undefined}
        placeholder={single || (chosen.length > 0 ? '' : placeholder)}
        value={open ? query : single}
        onClick={show}
        onBlur={hide}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setOpen(true);
          setAt(0);
          props.onQuery?.(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        {...named}
      />
      <span class="combobox-arrow">
        <Icon name="down" size={16} />
      </span>
      {open && (
        <Popup anchor={box} onClose={hide} match>
          <OptionList
            id={listId}
            groups={groups}
            active={active}
            chosen={values}
            many={many}
            name={String(named['aria-label'] ?? placeholder)}
            empty={props.status ?? 'Nothing fits.'}
            onPick={pick}
          />
        </Popup>
      )}
    </div>
  );
}
