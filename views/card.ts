/** The one live card of a deployment (K-3): what it is, whether it is all right, what is missing, what can be done. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK, type Status } from '../src/deployment/lifecycle.ts';
import { actions, context, inWords, type Rendered, section } from './blocks.ts';
import { cardButtons } from './card-buttons.ts';
import { type CardContext, FACES } from './card-faces.ts';
import { otherBuildLine, owedLine, shortNoticeLine, troubleLine } from './card-warnings.ts';
import { comesBackLine } from './comes-back-words.ts';
import { contractFact, mustBeginLine } from './contract-terms.ts';
import { name } from './deployment-words.ts';
import { drillLine } from './drill.ts';
import { overrunLine } from './overrun-words.ts';
import { pagerLines } from './pager-words.ts';
import { reviewLine } from './review-words.ts';
import { smokeLine } from './smoke-words.ts';
import { timeOfDay } from './text.ts';

/** Where what smoke tests say of it still matters. */
const SHOWS_SMOKE: ReadonlySet<Status> = new Set([...CAN_ROLL_BACK, 'rolling_back', 'failed']);

export function renderCard(d: Deployment, about: CardContext = {}): Rendered {
  const face = FACES[d.status](d, about);
  const state = [
    ...face.state,
    ...(SHOWS_SMOKE.has(d.status) ? smokeLine(d) : []),
    ...pagerLines(d),
    ...overrunLine(d),
    ...(d.ending === undefined ? comesBackLine(d) : []),
    ...shortNoticeLine(d),
    ...mustBeginLine(d),
    ...owedLine(d),
    ...drillLine(d),
    ...reviewLine(d),
    ...otherBuildLine(d),
    ...troubleLine(d),
  ];
  const facts = [...face.facts, contractFact(d), ...asOfWords(about)].filter(Boolean);
  const board = (face.board ?? []).filter((lines) => lines.length > 0);
  return {
    text: fallback(d, [`${face.title} · ${d.id}`, ...state, ...board.flat(), ...facts]),
    blocks: [
      section(`*${face.title}*  ·  ${d.id}`, ...state),
      ...(face.body ?? []),
      ...board.map((lines) => section(...lines)),
      ...(facts.length === 0 ? [] : [context(...facts)]),
      ...actions('card.actions', cardButtons(d)),
    ],
  };
}

const asOfWords = ({ asOf }: CardContext): string[] =>
  asOf === undefined ? [] : [`As of ${timeOfDay(asOf)}: Slack takes fewer updates just now than there are.`];

/** The same facts as one text. A mention there would notify twice, so names stand in. */
function fallback(d: Deployment, lines: string[]): string {
  const asked = d.terms.required.flatMap((required) => required.asked);
  const people = new Map(
    [...asked, d.terms.details.lead, d.terms.details.onCall].map((person) => [person.id, name(person)]),
  );
  return inWords(lines.map((line) => line.replace(/<@(\w+)>/g, (_, id: string) => people.get(id) ?? id)));
}
