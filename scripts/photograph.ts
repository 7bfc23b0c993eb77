/** Pictures of the page, or of one thing on it, for the scripts that take them. */

import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** One that every Linux has, as narrow as those of other systems. */
const FONT = '"Liberation Sans", "Noto Color Emoji", sans-serif';

/** Pixels around what is shown. */
const MARGIN = 16;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the page's own scripts see of an element; the sources here know no DOM. */
interface Drawn {
  blur?(): void;
  parentElement: Drawn | null;
  children: Iterable<Drawn>;
  style: { visibility: string };
}

/** Photographs the page, or one thing on it with a margin and nothing else. */
export const photographIn =
  (folder: string) =>
  async (page: Page, name: string, what?: Locator, margin = MARGIN): Promise<void> => {
    const path = join(folder, `${name}.png`);
    // The tools of a message show while the mouse or the focus is on it.
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement?.blur()');
    if (what === undefined) await page.screenshot({ path });
    else {
      await what.scrollIntoViewIfNeeded();
      await hideOthers(what, 'hidden');
      const box = await what.boundingBox();
      if (box === null) throw new Error(`${name} is not in sight`);
      await page.screenshot({ path, clip: withMargin(box, margin) });
      await hideOthers(what, '');
    }
    console.log(path);
  };

/** Everything beside the thing and beside what holds it. */
function hideOthers(what: Locator, visibility: 'hidden' | ''): Promise<void> {
  return what.evaluate((element: Drawn, value: string) => {
    for (let here = element; here.parentElement !== null; here = here.parentElement) {
      for (const other of here.parentElement.children) if (other !== here) other.style.visibility = value;
    }
  }, visibility);
}

function withMargin({ x, y, width, height }: Box, margin: number): Box {
  const left = Math.max(0, x - margin);
  const top = Math.max(0, y - margin);
  return { x: left, y: top, width: x + width + margin - left, height: y + height + margin - top };
}

export async function withFont(page: Page): Promise<void> {
  await page.evaluate(`document.documentElement.style.setProperty('--font', ${JSON.stringify(FONT)})`);
}
