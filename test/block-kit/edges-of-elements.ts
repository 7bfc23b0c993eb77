/** The limits of what stands inside blocks. */
import {
  button,
  chars,
  confirm,
  type Edge,
  inMessage,
  inModal,
  many,
  marked,
  option,
  plain,
  select,
  url,
  withAccessory,
  withElement,
  withOption,
} from './edge.ts';

export const OF_ELEMENTS: readonly Edge[] = [
  inMessage('action_id', 255, '/accessory/action_id', (n) => withAccessory(button({ action_id: chars(n) }))),
  inMessage('the text of a button', 75, '/accessory/text/text', (n) =>
    withAccessory(button({ text: plain(chars(n)) })),
  ),
  inMessage('the value of a button', 2000, '/accessory/value', (n) =>
    withAccessory(button({ value: chars(n) })),
  ),
  inMessage('the url of a button', 3000, '/accessory/url', (n) => withAccessory(button({ url: url(n) }))),
  inMessage('an accessibility label', 75, '/accessory/accessibility_label', (n) =>
    withAccessory(button({ accessibility_label: chars(n) })),
  ),
  inMessage('the title of a confirmation', 100, '/accessory/confirm/title/text', (n) =>
    withAccessory(confirm({ title: plain(chars(n)) })),
  ),
  inMessage('the text of a confirmation', 300, '/accessory/confirm/text/text', (n) =>
    withAccessory(confirm({ text: marked(chars(n)) })),
  ),
  inMessage('the confirm button', 30, '/accessory/confirm/confirm/text', (n) =>
    withAccessory(confirm({ confirm: plain(chars(n)) })),
  ),
  inMessage('the deny button', 30, '/accessory/confirm/deny/text', (n) =>
    withAccessory(confirm({ deny: plain(chars(n)) })),
  ),
  inMessage('the options of a select', 100, '/accessory/options', (n) =>
    withAccessory(select({ options: many(n, option) })),
  ),
  inMessage('the text of an option', 75, '/accessory/options/0/text/text', (n) =>
    withAccessory(withOption({ text: plain(chars(n)) })),
  ),
  inMessage('the value of an option', 75, '/accessory/options/0/value', (n) =>
    withAccessory(withOption({ value: chars(n) })),
  ),
  inMessage('the description of an option', 75, '/accessory/options/0/description/text', (n) =>
    withAccessory(withOption({ description: plain(chars(n)) })),
  ),
  inModal('the option groups of a select', 100, '/accessory/option_groups', (n) =>
    withAccessory({
      type: 'static_select',
      option_groups: many(n, (i) => ({ label: plain(`${i}`), options: [option(i)] })),
    }),
  ),
  inMessage('the options of a group', 100, '/accessory/option_groups/0/options', (n) =>
    withAccessory({
      type: 'static_select',
      option_groups: [{ label: plain('All'), options: many(n, option) }],
    }),
  ),
  inMessage('the label of a group', 75, '/accessory/option_groups/0/label/text', (n) =>
    withAccessory({
      type: 'static_select',
      option_groups: [{ label: plain(chars(n)), options: [option(0)] }],
    }),
  ),
  inMessage('the options of an overflow menu', 5, '/accessory/options', (n) =>
    withAccessory({ type: 'overflow', options: many(n, option) }),
  ),
  inMessage('the url of an overflow option', 3000, '/accessory/options/0/url', (n) =>
    withAccessory({ type: 'overflow', options: [{ ...option(0), url: url(n) }] }),
  ),
  inMessage('radio buttons', 10, '/accessory/options', (n) =>
    withAccessory({ type: 'radio_buttons', options: many(n, option) }),
  ),
  inMessage('checkboxes', 10, '/accessory/options', (n) =>
    withAccessory({ type: 'checkboxes', options: many(n, option) }),
  ),
  inModal('a placeholder', 150, '/element/placeholder/text', (n) =>
    withElement({ type: 'plain_text_input', placeholder: plain(chars(n)) }),
  ),
  inModal('what an input starts from', 3000, '/element/initial_value', (n) =>
    withElement({ type: 'plain_text_input', initial_value: chars(n) }),
  ),
  inModal('the length an input may ask for', 3000, '/element/max_length', (n) =>
    withElement({ type: 'plain_text_input', max_length: n }),
  ),
  inModal('the files of an input', 10, '/element/max_files', (n) =>
    withElement({ type: 'file_input', max_files: n }),
  ),
  inMessage('the formatted text of an option', 75, '/accessory/options/0/text/text', (n) =>
    withAccessory({ type: 'checkboxes', options: [{ text: marked(chars(n)), value: 'v' }] }),
  ),
  inMessage('the initial options of checkboxes', 10, '/accessory/initial_options', (n) =>
    withAccessory({ type: 'checkboxes', options: [option(0)], initial_options: many(n, () => option(0)) }),
  ),
  inMessage('the initial options of an external menu', 100, '/accessory/initial_options', (n) =>
    withAccessory({ type: 'multi_external_select', initial_options: many(n, option) }),
  ),
  inModal('the least length of an input', 3000, '/element/min_length', (n) =>
    withElement({ type: 'plain_text_input', min_length: n }),
  ),
  inModal('the moment of a picker', 9_999_999_999, '/element/initial_date_time', (n) =>
    withElement({ type: 'datetimepicker', initial_date_time: n }),
  ),
  inModal('the least lines of a rich text input', 100, '/element/min_lines', (n) =>
    withElement({ type: 'rich_text_input', min_lines: n }),
  ),
  inModal('the most lines of a rich text input', 100, '/element/max_lines', (n) =>
    withElement({ type: 'rich_text_input', max_lines: n }),
  ),
  inMessage('the text of an overflow option', 75, '/accessory/options/0/text/text', (n) =>
    withAccessory({ type: 'overflow', options: [{ text: plain(chars(n)), value: 'v' }] }),
  ),
];
