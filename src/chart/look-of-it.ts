/** Colours and measures of the chart; told apart by dash, shape and words as well as by colour. */

export const WIDTH = 480;
export const PLOT = { left: 54, right: 382 } as const;
export const PANEL_HEIGHT = 100;
/** Room above a panel for its title. */
export const TITLE_HEIGHT = 34;
export const EDGE = 14;

export const SIZES = { heading: 17, title: 15, label: 16, name: 14, tick: 14 } as const;

/** On its own card, so that it reads the same on Slack's light and dark themes. Each text has 4.5 : 1 or more on it. */
export const COLOURS = {
  card: '#ffffff',
  edge: '#d5d9e0',
  ink: '#1d2733',
  quiet: '#566270',
  grid: '#e6e9ee',
  axis: '#9aa4b0',
  canary: '#c2410c',
  baseline: '#3f5f8a',
  margin: '#dbe4f0',
  held: '#f6ecd2',
  silent: '#b9c0ca',
  limit: '#1d2733',
} as const;
