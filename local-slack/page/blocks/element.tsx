/** Every interactive element of Block Kit, by its type; one that is not known is shown as what it is. */
import type {
  ActionsBlockElement,
  ContextActionsBlockElement,
  InputBlockElement,
  SectionBlockAccessory,
} from '@slack/types';
import type { ComponentType } from 'preact';
import { ButtonView, FeedbackView, IconButtonView, OverflowView } from './button.tsx';
import { ChoicesView } from './choice.tsx';
import { ImageElementView } from './media.tsx';
import { FileInputView, RichTextInputView } from './rich-inputs.tsx';
import { SelectView } from './selects.tsx';
import { TextInputView } from './text-inputs.tsx';
import { TimeInputView } from './time-inputs.tsx';
import { Unknown } from './unknown.tsx';

export type AnyElement =
  | ActionsBlockElement
  | ContextActionsBlockElement
  | InputBlockElement
  | SectionBlockAccessory;

/** A new element in `@slack/types` fails to compile here until it is drawn. */
const DRAWN: { [T in AnyElement['type']]: ComponentType<{ element: Extract<AnyElement, { type: T }> }> } = {
  button: ButtonView,
  workflow_button: ButtonView,
  overflow: OverflowView,
  feedback_buttons: FeedbackView,
  icon_button: IconButtonView,
  checkboxes: ChoicesView,
  radio_buttons: ChoicesView,
  datepicker: TimeInputView,
  timepicker: TimeInputView,
  datetimepicker: TimeInputView,
  plain_text_input: TextInputView,
  number_input: TextInputView,
  email_text_input: TextInputView,
  url_text_input: TextInputView,
  rich_text_input: RichTextInputView,
  file_input: FileInputView,
  image: ImageElementView,
  static_select: SelectView,
  external_select: SelectView,
  users_select: SelectView,
  conversations_select: SelectView,
  channels_select: SelectView,
  multi_static_select: SelectView,
  multi_external_select: SelectView,
  multi_users_select: SelectView,
  multi_conversations_select: SelectView,
  multi_channels_select: SelectView,
};

export function ElementView({ element }: { element: AnyElement }) {
  const View = DRAWN[element.type] as ComponentType<{ element: AnyElement }> | undefined;
  return View ? <View element={element} /> : <Unknown what="element" thing={element} />;
}
