/** A drawn picture of someone: initials on their colour; a square one is an app. */
import type { Person } from '../protocol.ts';

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => word?.charAt(0).toUpperCase() ?? '').join('') || '?';
}

/** Black or white, whichever reads better on a colour. */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

export interface AvatarProps {
  person: Person | undefined;
  size?: number;
  /** Of an app that has no user. */
  name?: string | undefined;
}

export function Avatar({ person, size = 36, name = person?.real_name || person?.name }: AvatarProps) {
  const color = person?.color ?? '#5b6670';
  const bot = person === undefined || person.is_bot;
  return (
    <span
      class={bot ? 'avatar avatar-app' : 'avatar'}
      style={{ '--size': `${size}px`, background: color, color: inkOn(color) }}
      aria-hidden="true"
    >
      {name ? initials(name) : <Mark />}
    </span>
  );
}

/** The local Slack's own sign: a speech bubble that never leaves the house. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M12 3 3 10.500V21l4-3h14v-7.500z" fill="currentColor" />
      <path d="M8 12h8M8 15h5" stroke="var(--mark-line, #fff)" stroke-width="1.600" stroke-linecap="round" />
    </svg>
  );
}
