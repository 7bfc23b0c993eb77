/** SVG to PNG, off the main thread, with letters of its own: a machine without fonts draws the same picture. */

import { createRequire } from 'node:module';

/** Pixels per unit of the drawing: sharp on dense screens. */
const DENSITY = 2;
const FONTS = ['400Regular/IBMPlexSans_400Regular.ttf', '600SemiBold/IBMPlexSans_600SemiBold.ttf'];

export async function renderPng(svg: string): Promise<Uint8Array> {
  // Loaded when the first chart is drawn: most starts of the process draw none for hours.
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: DENSITY },
    font: {
      fontFiles: fontFiles(),
      loadSystemFonts: false,
      defaultFontFamily: 'IBM Plex Sans',
    },
  });
  return image.asPng();
}

/** Paths of the font's files, from its package. */
export function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return FONTS.map((file) => resolve(`@expo-google-fonts/ibm-plex-sans/${file}`));
}
