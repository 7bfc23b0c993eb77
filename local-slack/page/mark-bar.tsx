/** The row of marks over a text one writes: each wraps what is selected, or starts the line. */
import type { RefObject } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface MarkAction {
  icon: IconName;
  label: string;
  /** Put around the selection. */
  around?: string;
  /** Put before each selected line. */
  before?: (line: number) => string;
}

const ACTIONS: MarkAction[] = [
  { icon: 'bold', label: 'Bold', around: '*' },
  { icon: 'italic', label: 'Italic', around: '_' },
  { icon: 'strike', label: 'Strikethrough', around: '~' },
  { icon: 'code', label: 'Code', around: '`' },
  { icon: 'bullets', label: 'Bulleted list', before: () => '• ' },
  { icon: 'numbers', label: 'Numbered list', before: (line) => `${line + 1}. ` },
  { icon: 'quote', label: 'Quote', before: () => '> ' },
];

function apply(area: HTMLTextAreaElement, action: MarkAction): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  if (action.around) {
    area.setRangeText(`${action.around}${value.slice(from, to)}${action.around}`, from, to, 'end');
    if (from === to) area.setSelectionRange(from + 1, from + 1);
  } else {
    const start = value.lastIndexOf('\n', from - 1) + 1;
    const lines = value.slice(start, to).split('\n');
    area.setRangeText(
      lines.map((line, index) => `${action.before?.(index)}${line}`).join('\n'),
      start,
      to,
      'end',
    );
  }
  area.focus();
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

export function MarkBar({ area }: { area: RefObject<HTMLTextAreaElement | null> }) {
  return (
    <div class="mark-bar" role="group" aria-label="Formatting">
      {ACTIONS.map((action) => (
        <button
          type="button"
          class="icon-btn"
          key={action.icon}
          aria-label={action.label}
          title={action.label}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => area.current && apply(area.current, action)}
        >
          <Icon name={action.icon} size={16} />
        </button>
      ))}
    </div>
  );
}
