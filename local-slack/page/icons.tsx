/** The page's icons: strokes in one 24-unit grid, drawn in the text's colour, silent for screen readers. */
const PATHS = {
  hash: 'M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M15 5l-7 7 7 7',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  reply: 'M4 12a7 6.5 0 0 1 7-6.5h2A7 6.5 0 0 1 13 18.500h-5L4 21z',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1.100 1.100M17.300 17.300l1.100 1.100M5.600 18.400l1.100-1.100M17.300 6.700l1.100-1.100',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  contrast:
    'M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 3.500v17M12 8h5.500M12 12h8M12 16h5.500',
  wire: 'M3 12h4l3-7 4 14 3-7h4',
  help: 'M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500h.01M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z',
  send: 'M4 12 20 4l-4 16-4.500-6.500z',
  bold: 'M7 5h6a3.500 3.500 0 0 1 0 7H7zM7 12h7a3.500 3.500 0 0 1 0 7H7z',
  italic: 'M14 5h-4M14 19h-4M14 5l-4 14',
  strike:
    'M4 12h16M16 7.500C15.500 6 14 5 12 5c-2.500 0-4 1.300-4 3M8 16.500c.5 1.500 2 2.500 4 2.500 2.500 0 4-1.300 4-3',
  code: 'M9 7l-5 5 5 5M15 7l5 5-5 5',
  bullets: 'M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01',
  numbers: 'M10 6h10M10 12h10M10 18h10M4 4.500h1V8M4 14h2.500L4 17.500h2.500',
  quote: 'M5 5v14M10 8h9M10 12h9M10 16h6',
  clip: 'M20 11.500 12 19.500a5 5 0 0 1-7-7l8-8a3.300 3.300 0 0 1 4.700 4.700l-8 8a1.700 1.700 0 0 1-2.300-2.300l7-7',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.500 4.500',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  warning: 'M12 4 2.500 20h19zM12 10v4.500M12 17.300h.01',
  info: 'M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 11v5.500M12 7.700h.01',
  error: 'M8 3.500h8l4.500 4.500v8L16 20.500H8L3.500 16V8zM12 7.500v5.500M12 16.300h.01',
  up: 'M7 20V10l4-7c1.700 0 2.500 1 2.300 2.500L12.700 9H18c1.500 0 2.300 1 2 2.500l-1.300 6.800c-.3 1.200-1 1.700-2 1.700zM7 10H4v10h3',
  thumbsDown:
    'M17 4v10l-4 7c-1.700 0-2.500-1-2.300-2.500l.6-3.500H6c-1.500 0-2.300-1-2-2.500l1.300-6.800C5.600 4.500 6.300 4 7.300 4zM17 14h3V4h-3',
  play: 'M8 5l11 7-11 7z',
  file: 'M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500',
  calendar: 'M4.500 6h15v14h-15zM4.500 10.500h15M8.500 3.500V7M15.500 3.500V7',
  clock: 'M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 7.500V12l3 2',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500',
  arrowDown: 'M12 4v15M6 13l6 6 6-6',
  out: 'M10 14 20 4M14 4h6v6M18 14v6H4V6h6',
  bolt: 'M13 3 5 13.500h6L10 21l8-10.500h-6z',
  circle: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z',
  half: 'M12 4a8 8 0 0 1 0 16M12 4a8 8 0 0 0 0 16',
  bug: 'M8 9h8v6a4 4 0 0 1-8 0zM9.500 9a2.500 2.500 0 0 1 5 0M4 9l4 2.500M20 9l-4 2.500M3.500 15H8M20.500 15H16M5 20.500 8.500 18M19 20.500 15.500 18',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export const isIcon = (name: string): name is IconName => name in PATHS;
