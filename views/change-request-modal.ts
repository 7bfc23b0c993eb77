/** The modal in which a change request is written (CH-5); what the deployment knows already is shown, not asked. */

import type { InputBlock, InputBlockElement, KnownBlock, ModalView } from '@slack/types';
import { defined, given } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { changeTypeWords } from '../src/terms/change.ts';
import { LEVELS } from '../src/terms/change-request.ts';
import { actions, button, context, DIVIDER, option, plain, section, typed } from './blocks.ts';
import {
  CHANGE_REQUEST_FIELDS,
  type ChangeRequestForm,
  MAX_LENGTH,
  MAX_MINUTES,
  MAX_RISKS,
  RISK_FIELDS,
  type RiskField,
  riskFieldId,
  writeFormMetadata,
} from './change-request-fields.ts';
import { changeRequestId, DEPLOYMENT_TYPE_NAMES, title } from './deployment-words.ts';
import { capitalised, oneLine } from './text.ts';

export const CHANGE_REQUEST_MODAL = {
  callback: 'change_request',
  addRisk: 'change_request.add_risk',
  removeRisk: 'change_request.remove_risk',
} as const;

export function renderChangeRequestModal(d: Deployment, form: ChangeRequestForm): ModalView {
  return {
    type: 'modal',
    callback_id: CHANGE_REQUEST_MODAL.callback,
    private_metadata: writeFormMetadata(form),
    title: plain(`Change request ${changeRequestId(d)}`, 24),
    submit: plain(d.evidence.changeRequest === undefined ? 'Write it' : 'Save changes', 24),
    close: plain('Back', 24),
    blocks: [
      ...known(d),
      words(form, 'justification', 'Justification', 'Why it is needed, why now, and what happens without it'),
      words(form, 'components', 'Components', 'Services, data and configuration that it touches'),
      minutes(form, 'downtime', 'Expected downtime, in minutes', '0 for none'),
      minutes(form, 'rollbackTime', 'Time to roll back, in minutes', rollbackHint(d)),
      DIVIDER,
      section('*Risks* · what could go wrong, and what is done about it'),
      ...form.keys.flatMap((key, index) => risk(form, key, index + 1)),
      ...addRisk(form),
    ],
  };
}

/** What the deployment has already: it is changed there. */
function known(d: Deployment): KnownBlock[] {
  const { changeType, deploymentType, risk: rated, summary } = d.terms.details;
  const kind = `${capitalised(changeTypeWords(changeType))} change · ${DEPLOYMENT_TYPE_NAMES[deploymentType]} · ${rated} risk`;
  return [
    section(`*${title(d)}*  ·  ${d.id}`, kind),
    ...(oneLine(summary) === '' ? [] : [typed(summary, 1000)]),
    context('These are the deployment’s own: Change… on its card changes them.'),
  ];
}

const rollbackHint = ({ terms: { safeguards } }: Deployment): string =>
  `The policy’s target is ${Math.round(safeguards.rollbackWithin / 60_000)} minutes`;

function input(block: string, label: string, element: InputBlockElement, hint?: string): InputBlock {
  return {
    type: 'input',
    block_id: block,
    label: plain(label, 100),
    element,
    ...defined({ hint: given(hint, (hint) => plain(hint, 200)) }),
  };
}

function words(
  form: ChangeRequestForm,
  field: 'justification' | 'components',
  label: string,
  placeholder: string,
): InputBlock {
  const id = CHANGE_REQUEST_FIELDS[field];
  return input(id, label, text(form, id, MAX_LENGTH[field], placeholder, true));
}

function text(
  { typed: given }: ChangeRequestForm,
  id: string,
  longest: number,
  placeholder: string,
  multiline: boolean,
): InputBlockElement {
  const value = given.get(id);
  return {
    type: 'plain_text_input',
    action_id: id,
    multiline,
    max_length: longest,
    placeholder: plain(placeholder, 150),
    ...defined({ initial_value: value?.slice(0, longest) }),
  };
}

function minutes(
  { typed: given }: ChangeRequestForm,
  field: 'downtime' | 'rollbackTime',
  label: string,
  hint: string,
): InputBlock {
  const id = CHANGE_REQUEST_FIELDS[field];
  const value = given.get(id);
  const fits = value !== undefined && /^\d{1,6}$/.test(value) && Number(value) <= MAX_MINUTES;
  const element: InputBlockElement = {
    type: 'number_input',
    action_id: id,
    is_decimal_allowed: false,
    min_value: '0',
    max_value: String(MAX_MINUTES),
    ...(fits ? { initial_value: value } : {}),
  };
  return input(id, label, element, hint);
}

function risk(form: ChangeRequestForm, key: number, number: number): KnownBlock[] {
  const heading = section(`*Risk ${number}*`);
  const remove = button({
    action: CHANGE_REQUEST_MODAL.removeRisk,
    text: 'Remove',
    value: String(key),
    label: `Remove risk ${number}`,
  });
  const block_id = `change_request.heading.${key}`;
  return [
    // The only one cannot be taken out: a change without any risk is none that needs a change request.
    { ...heading, block_id, ...(form.keys.length > 1 ? { accessory: remove } : {}) },
    ...RISK_FIELDS.map((field) => {
      const id = riskFieldId(field, key);
      return input(id, RISK_LABELS[field], riskElement(form, field, id));
    }),
  ];
}

const RISK_LABELS: Record<RiskField, string> = {
  risk: 'What could go wrong',
  likelihood: 'Likelihood',
  impact: 'Impact',
  mitigation: 'Mitigation',
};

function riskElement(form: ChangeRequestForm, field: RiskField, id: string): InputBlockElement {
  switch (field) {
    case 'risk':
      return text(form, id, MAX_LENGTH.risk, 'For example: payments time out while caches are cold', false);
    case 'mitigation':
      return text(form, id, MAX_LENGTH.mitigation, 'What makes it less likely or less bad', true);
    case 'likelihood':
    case 'impact': {
      const options = LEVELS.map((level) => option(capitalised(level), level));
      const chosen = options.find(({ value }) => value === form.typed.get(id));
      return {
        type: 'static_select',
        action_id: id,
        placeholder: plain('Low, medium or high', 150),
        options,
        ...(chosen ? { initial_option: chosen } : {}),
      };
    }
  }
}

function addRisk({ keys }: ChangeRequestForm): KnownBlock[] {
  if (keys.length >= MAX_RISKS) return [context(`${MAX_RISKS} risks at most: name the gravest.`)];
  const add = button({ action: CHANGE_REQUEST_MODAL.addRisk, text: 'Add a risk', value: 'add' });
  return actions('change_request.more', [add]);
}
