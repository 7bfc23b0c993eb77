/** The rules of Block Kit as Slack enforces them, and what a person's use of its elements sends to the app. */
export { checkMessage, type MessageArguments } from './message.ts';
export type { Surface } from './rule.ts';
export {
  type Answer,
  actionPayload,
  initialState,
  isFilled,
  type RequiredInput,
  requiredInputs,
  stateValue,
} from './state.ts';
export { checkSuggestions } from './suggestions.ts';
export { type Element, type Interactive, interactiveElements, withBlockIds } from './tree.ts';
export { checkView } from './view.ts';
