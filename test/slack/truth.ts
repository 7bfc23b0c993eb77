/** Holds what Slack shows against the record: messages are projections of it, and nothing else. */

import { expect } from 'vitest';
import type { Message } from '../../local-slack/protocol.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { stagesBegun } from '../../src/deployment/rollout/progress.ts';
import { renderLive } from '../../views/live-message.ts';
import { examplePolicy } from '../conductor/rig.ts';
import type { Stage } from './stage.ts';

const policy = examplePolicy();

/** The card, and every live report and direct message, say what the record says (K-3). */
export async function expectTruth(stage: Stage, id: string): Promise<void> {
  const deployment = await stage.load(id);
  const card = await stage.card(id);
  const rendered = renderLive({ kind: 'card' }, deployment, undefined, { policy });
  expect(card.text).toBe(rendered?.text);
  expect(withoutIds(card.blocks)).toEqual(withoutIds(rendered?.blocks ?? []));
  if (deployment.evidence.changeRequest !== undefined) {
    const written = renderLive({ kind: 'change_request' }, deployment, undefined, { policy });
    const shown = (await stage.thread(id)).filter(({ text }) => text === written?.text);
    expect(shown).toHaveLength(1);
    expect(withoutIds(shown[0]?.blocks ?? [])).toEqual(withoutIds(written?.blocks ?? []));
  }
  const reports = await reportsOf(stage, id);
  expect(reports.map(({ text }) => text)).toEqual(reportsIn(deployment));
}

function reportsIn(deployment: Deployment): (string | undefined)[] {
  return stagesBegun(deployment).map(
    ({ number }) => renderLive({ kind: 'stage', stage: number }, deployment, undefined, { policy })?.text,
  );
}

/** The stage reports in the thread, in order. */
export async function reportsOf(stage: Stage, id: string): Promise<Message[]> {
  return (await stage.thread(id)).filter(({ text }) => /^(Stage|Part) \d+ of \d+ ·/.test(text));
}

/** The timeline's lines in the thread, in order. */
export async function timelineOf(stage: Stage, id: string): Promise<string[]> {
  const replies = await stage.thread(id);
  return replies.map(({ text }) => text).filter((text) => !/^(Stage|Part) \d+ of \d+ ·/.test(text));
}

/** Slack names blocks that have no id. */
function withoutIds(blocks: readonly object[]): unknown {
  return blocks.map((block) => ({ ...block, block_id: undefined }));
}
