/** What a finger would miss: things that can be pressed that are less than 44 pixels high or wide. Links within a sentence are not counted. */

import type { Page } from 'playwright-core';

/** Runs in the page, of whose types the tests know nothing. A label is pressed like its box, a combobox as a whole. */
const IN_THE_PAGE = `(() => {
  const least = 44;
  const all = 'button, select, summary, textarea, input, [role=option], [role=menuitem], [role=tab], nav a, a.btn';
  const top = document.querySelector('dialog[open], [role=dialog]');
  return [...document.querySelectorAll(all)].flatMap((one) => {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
    if (top !== null && !top.contains(one) && one.closest('[popover], .popup') === null) return [];
    const isBox = one.type === 'checkbox' || one.type === 'radio';
    const pressed = (isBox ? one.labels?.[0] : one.closest('.combobox')) ?? one;
    const { width, height } = pressed.getBoundingClientRect();
    if (width === 0 || (Math.round(height) >= least && Math.round(width) >= least)) return [];
    const name = one.getAttribute('aria-label') ?? one.dataset.qa ?? one.textContent ?? '';
    return [one.tagName + ' ' + one.className + ' ' + name.slice(0, 30) + ' ' + Math.round(width) + 'x' + Math.round(height)];
  });
})()`;

/** Each with its size, so that a failing test says what to mend. */
export const tooSmall = (page: Page): Promise<string[]> => page.evaluate<string[]>(IN_THE_PAGE);
