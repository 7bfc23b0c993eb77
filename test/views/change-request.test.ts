/** The change request wherever it is drawn: modal, thread, card, direct message; with the worst that people type (CH-5). */

import type { InputBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView, initialState } from '../../local-slack/block-kit/index.ts';
import type { SignOff } from '../../src/deployment/approval/state.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { type ChangeRequest, LEVELS } from '../../src/terms/change-request.ts';
import { MINUTE } from '../../src/time.ts';
import { renderCard } from '../../views/card.ts';
import { renderChangeRequest } from '../../views/change-request.ts';
import {
  formOf,
  MAX_LENGTH,
  MAX_RISKS,
  readChangeRequestModal,
  readForm,
  withoutRisk,
  withRisk,
} from '../../views/change-request-fields.ts';
import { renderChangeRequestModal } from '../../views/change-request-modal.ts';
import { renderDm } from '../../views/dm.ts';
import type { FilledView } from '../../views/view-values.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { DANA, deploymentIn, OMAR, SANA, T0, TOM } from './deployments.ts';

const RISKS: ChangeRequest['risks'] = [
  { risk: 'Caches are cold', likelihood: 'high', impact: 'low', mitigation: 'Warm them' },
  { risk: 'Payments time out', likelihood: 'medium', impact: 'high', mitigation: 'A flag turns it off' },
];
const WRITTEN: ChangeRequest = {
  justification: 'Customers ask for it.\nThe old provider ends in March.',
  components: 'checkout, payments',
  downtime: 0,
  rollbackTime: 15 * MINUTE,
  risks: RISKS,
};

function needing(d: Deployment, written?: ChangeRequest): Deployment {
  const requirements = { gates: [], checklist: [], changeRequest: true };
  return {
    ...d,
    terms: { ...d.terms, requirements },
    ...(written === undefined
      ? {}
      : { evidence: { ...d.evidence, changeRequest: { ...written, by: DANA, at: T0 } } }),
  };
}

const preparing = (written?: ChangeRequest): Deployment => needing(deploymentIn('preparing'), written);

function asSubmitted(view: ModalView): FilledView {
  return { privateMetadata: view.private_metadata ?? '', values: initialState(view.blocks as never) };
}

const asks = (view: ModalView): string[] =>
  view.blocks.filter((block): block is InputBlock => block.type === 'input').map(({ label }) => label.text);

const anyRequest: fc.Arbitrary<ChangeRequest> = fc.record({
  justification: nasty.map((text) => text.slice(0, MAX_LENGTH.justification)),
  components: nasty.map((text) => text.slice(0, MAX_LENGTH.components)),
  downtime: fc.integer({ min: 0, max: 1440 }).map((minutes) => minutes * MINUTE),
  rollbackTime: fc.integer({ min: 0, max: 1440 }).map((minutes) => minutes * MINUTE),
  risks: fc.array(
    fc.record({
      risk: nasty.map((text) => text.slice(0, MAX_LENGTH.risk)),
      likelihood: fc.constantFrom(...LEVELS),
      impact: fc.constantFrom(...LEVELS),
      mitigation: nasty.map((text) => text.slice(0, MAX_LENGTH.mitigation)),
    }),
    { maxLength: MAX_RISKS },
  ),
});

describe('CH-5: the modal', () => {
  it('asks what the deployment does not know, and shows what it does', () => {
    const d = preparing();
    const view = renderChangeRequestModal(d, formOf(d));
    expect(asks(view)).toEqual([
      'Justification',
      'Components',
      'Expected downtime, in minutes',
      'Time to roll back, in minutes',
      'What could go wrong',
      'Likelihood',
      'Impact',
      'Mitigation',
    ]);
    const shown = JSON.stringify(view.blocks);
    expect(shown).toContain('Normal change · Feature · medium risk');
    expect(shown).toContain('Adds Apple Pay.');
  });

  it('begins with the rollback’s target and nothing else', () => {
    const d = preparing();
    const { typed, keys } = formOf(d);
    expect([...typed]).toEqual([['change_request.rollback_time', '15']]);
    expect(keys).toEqual([1]);
  });

  it('comes back as it was written', () => {
    const d = preparing(WRITTEN);
    const read = readChangeRequestModal(asSubmitted(renderChangeRequestModal(d, formOf(d))));
    expect(read).toEqual({ ok: true, d: 'D-1042', seen: T0, request: WRITTEN });
  });

  it('names each field that is missing, at that field', () => {
    const d = preparing();
    const read = readChangeRequestModal(asSubmitted(renderChangeRequestModal(d, withRisk(formOf(d)))));
    expect(read).toEqual({
      ok: false,
      errors: {
        'change_request.justification': 'Say why this change is needed now.',
        'change_request.components': 'Name what it touches: services, data, configuration.',
        'change_request.downtime': 'Say for how many minutes it is down; 0 for none.',
        ...Object.fromEntries(
          [1, 2].flatMap((key) => [
            [`change_request.risk.${key}`, 'Say what could go wrong, or remove this risk.'],
            [`change_request.likelihood.${key}`, 'Choose how likely it is.'],
            [`change_request.impact.${key}`, 'Choose how bad it would be.'],
            [`change_request.mitigation.${key}`, 'Say what is done about it.'],
          ]),
        ),
      },
    });
  });

  it.each([
    ['ten', 'A whole number of minutes, such as 15; 0 for none.'],
    ['-5', 'A whole number of minutes, such as 15; 0 for none.'],
    ['1.5', 'A whole number of minutes, such as 15; 0 for none.'],
    ['1441', 'At most 1440 minutes, which is a day.'],
  ])('takes %s for no number of minutes', (value, problem) => {
    const d = preparing(WRITTEN);
    const view = asSubmitted(renderChangeRequestModal(d, formOf(d)));
    const values = {
      ...view.values,
      'change_request.downtime': { 'change_request.downtime': { value } },
    };
    expect(readChangeRequestModal({ ...view, values })).toEqual({
      ok: false,
      errors: { 'change_request.downtime': problem },
    });
  });

  it('takes five risks at most, and gives a removed one’s fields to no other', () => {
    const d = preparing();
    let form = formOf(d);
    for (let more = 0; more < 8; more += 1) form = withRisk(form);
    expect(form.keys).toEqual([1, 2, 3, 4, 5]);
    expect(JSON.stringify(renderChangeRequestModal(d, form))).not.toContain('Add a risk');
    const less = withRisk(withoutRisk(form, 2));
    expect(less.keys).toEqual([1, 3, 4, 5, 6]);
    const one = [1, 3, 4, 5].reduce(withoutRisk, less);
    expect(withoutRisk(one, 6).keys).toEqual([6]);
  });

  it('says so where the form is from another time', () => {
    const read = readChangeRequestModal({ privateMetadata: 'x', values: {} });
    expect(read).toMatchObject({ ok: false, errors: { 'change_request.justification': expect.any(String) } });
  });

  it('fits, and keeps what is typed when it is drawn anew, whatever that is', () => {
    fc.assert(
      fc.property(anyDeployment('preparing'), anyRequest, (any, written) => {
        const d = needing(any, written);
        const view = renderChangeRequestModal(d, withRisk(formOf(d)));
        expect(checkView(view, 'modal')).toEqual([]);
        const form = readForm(asSubmitted(view));
        if (form === undefined) throw new Error('not its own form');
        const again = renderChangeRequestModal(d, form);
        expect(again).toEqual(renderChangeRequestModal(d, readForm(asSubmitted(again)) ?? form));
        expect(checkView(again, 'modal')).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});

describe('CH-5: the change request in the thread', () => {
  it('says all of it, the gravest risk first', () => {
    const drawn = renderChangeRequest(preparing(WRITTEN));
    expect(drawn?.text).toContain('Change request CR-1042');
    const words = JSON.stringify(drawn?.blocks);
    for (const said of [
      'The old provider ends in March.',
      'checkout, payments',
      '*Expected downtime*\\nnone',
    ])
      expect(words).toContain(said);
    expect(words).toContain('*Time to roll back*\\n15 min');
    expect(words).toContain('written by Dana');
    expect(words.indexOf('Payments time out')).toBeLessThan(words.indexOf('Caches are cold'));
  });

  it('shows each approver with role, status and date, as it is now', () => {
    const d = preparing(WRITTEN);
    const go = (role: string, person: typeof TOM, more: Partial<SignOff> = {}): SignOff => ({
      role,
      person,
      decision: 'go',
      at: T0,
      envelopeHash: d.envelopeHash,
      ...more,
    });
    const text = (signOffs: SignOff[]) =>
      renderChangeRequest({ ...d, approval: { ...d.approval, signOffs } })?.text;
    expect(text([])).toContain('Security · Sana · ⏳ Pending');
    expect(text([go('security', SANA)])).toMatch(/Security · Sana · ✅ Go · <!date/);
    const unread = { parts: ['risks' as const], at: T0 };
    expect(text([go('security', SANA, { unread })])).toContain('before a change of risks');
    const fell = text([go('security', SANA, { fallen: 'version v2.1.0 → v2.1.1' })]);
    expect(fell).toMatch(/Security · Sana · ➖ Fell · go of <!date[^>]*> · version v2\.1\.0/);
    expect(fell).toContain('Security · Sana · ⏳ Pending');
    const no = text([go('security', SANA, { decision: 'no_go', reason: 'CVE' })]);
    expect(no).toMatch(/Security · Sana · ⛔ No-go/);
    expect(no).not.toContain('Security · Sana · ⏳');
  });

  it('asks nobody any more when it has ended', () => {
    const d = needing(deploymentIn('cancelled', { goes: 0 }), WRITTEN);
    expect(renderChangeRequest(d)?.text).toContain('➖ Not asked any more');
  });

  it('mentions nobody: it is read, not answered', () => {
    expect(JSON.stringify(renderChangeRequest(preparing(WRITTEN)))).not.toContain('<@');
  });

  it('fits within what Slack draws, and stays text, whatever people typed', () => {
    fc.assert(
      fc.property(anyDeployment(), anyRequest, (any, written) => {
        const d = needing(any, written);
        const drawn = [
          renderChangeRequest(d),
          renderCard(d),
          ...[TOM, SANA, OMAR].map(({ id }) => renderDm(d, id)),
        ];
        for (const message of drawn) {
          if (message === undefined) continue;
          expect(checkMessage(message)).toEqual([]);
          expect(message.text).not.toContain('<!channel>');
        }
      }),
      { numRuns: 120 },
    );
  });

  it('fits at its longest, with every character that grows when it is escaped', () => {
    for (const filler of ['x', '&', '🚀']) {
      const full = (length: number): string => filler.repeat(Math.floor(length / filler.length));
      const long = full(60);
      const required = Array.from({ length: 14 }, (_, index) => ({
        role: `role_${index}`,
        name: long,
        quorum: 3,
        asked: [TOM, SANA, OMAR].map(({ id }) => ({ id, name: long })),
      }));
      const risk = { likelihood: 'high', impact: 'high' } as const;
      const d = needing(
        deploymentIn('preparing', { required, details: { summary: full(2000) }, service: long }),
        {
          justification: full(MAX_LENGTH.justification),
          components: full(MAX_LENGTH.components),
          downtime: MINUTE,
          rollbackTime: MINUTE,
          risks: Array.from({ length: MAX_RISKS }, () => ({
            ...risk,
            risk: full(MAX_LENGTH.risk),
            mitigation: full(MAX_LENGTH.mitigation),
          })),
        },
      );
      expect(checkMessage(renderChangeRequest(d) ?? { text: '', blocks: [] }), filler).toEqual([]);
      expect(checkView(renderChangeRequestModal(d, formOf(d)), 'modal'), filler).toEqual([]);
    }
  });
});

describe('CH-5: around the change request', () => {
  const buttons = (d: Deployment): string => JSON.stringify(renderCard(d).blocks.at(-1));

  it('the card says who writes it, and offers it, until it is written', () => {
    const missing = renderCard(preparing());
    expect(missing.text).toContain('*Change request* · waiting for Dana');
    expect(JSON.stringify(missing.blocks)).toContain(`*Change request* · waiting for <@${DANA.id}>`);
    expect(buttons(preparing())).toContain('Write change request');
    const written = renderCard(preparing(WRITTEN));
    expect(written.text).toContain('CR-1042 · written by Dana at');
    expect(written.text).not.toContain('missing');
    expect(buttons(preparing(WRITTEN))).not.toContain('Write change request');
    expect(buttons(preparing(WRITTEN))).toContain('Change request…');
  });

  it('the card of one that needs none does not speak of it', () => {
    expect(JSON.stringify(renderCard(deploymentIn('preparing')))).not.toContain('hange request');
  });

  it('an approver reads what it says in short, and where the rest is', () => {
    const dm = renderDm(preparing(WRITTEN), SANA.id)?.text;
    expect(dm).toContain('Change request CR-1042, in the thread of the deployment: “Customers ask for it.”');
    expect(dm).toContain('No downtime · 2 risks, the highest of medium likelihood and high impact');
    expect(renderDm(preparing(), SANA.id)?.text).toContain('Change request CR-1042 is not written yet');
  });

  it('an approver whose go came before reads what changed, and may say no-go there', () => {
    const d = preparing(WRITTEN);
    const signOffs = d.approval.signOffs.map((signOff) => ({
      ...signOff,
      unread: { parts: ['risks' as const], at: T0 },
    }));
    const dm = renderDm({ ...d, approval: { ...d.approval, signOffs } }, TOM.id);
    expect(dm?.text).toContain('Since your go, change request CR-1042 has changed: risks');
    expect(JSON.stringify(dm?.blocks)).toContain('card.no_go');
    expect(JSON.stringify(renderDm(d, TOM.id)?.blocks)).not.toContain('card.no_go');
  });
});
