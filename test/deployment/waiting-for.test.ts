import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { openOfTheirOwn } from '../../src/deployment/readiness/readiness.ts';
import { mattersOf, waitingFor } from '../../src/deployment/waiting-for.ts';
import type { ChecklistItem, RequiredGate } from '../../src/terms/requirements.ts';
import { deploymentIn } from '../views/deployments.ts';
import { DANA, OMAR, play, requested, SANA, TOM } from './builders.ts';

const item = (id: string, more: Partial<ChecklistItem> = {}): ChecklistItem => ({
  id,
  group: 'prerequisites',
  text: id,
  required: true,
  before: 'start',
  ...more,
});

const asked = (checklist: ChecklistItem[], changeRequest = false, gates: RequiredGate[] = []): Deployment =>
  play(requested({ requirements: { gates, checklist, changeRequest } }));

const BUILD: RequiredGate = { id: 'build', name: 'build', rule: { kind: 'passed' }, before: 'start' };

describe('what it waits for, and of whom', () => {
  it('K-7: before the start of approvers, of the lead for its change request, of a role for its items', () => {
    const items = [item('notes'), item('scan', { by: [{ role: 'security', name: 'Security' }] })];
    const d = asked(items);
    expect(mattersOf(d, TOM.id)).toEqual(['sign_off']);
    expect(mattersOf(d, SANA.id)).toEqual(['sign_off', 'items']);
    expect(mattersOf(d, DANA.id)).toEqual(['items']);
    expect(mattersOf(d, OMAR.id)).toEqual([]);
    // Nobody is asked to sign what is not written yet.
    const unwritten = asked(items, true);
    expect(mattersOf(unwritten, TOM.id)).toEqual([]);
    expect(mattersOf(unwritten, SANA.id)).toEqual(['items']);
    expect(mattersOf(unwritten, DANA.id)).toEqual(['change_request', 'items']);
  });

  it('K-7: an item that a gate or a sign-off ticks waits for nobody, one whose role is nobody’s for the lead', () => {
    const byItself = [
      item('signed', { evidence: { kind: 'sign_off', role: 'security' } }),
      item('built', { evidence: { kind: 'gate', gate: 'build' } }),
    ];
    expect(mattersOf(asked(byItself, false, [BUILD]), DANA.id)).toEqual([]);
    expect(mattersOf(asked([item('ops', { by: [{ role: 'dba', name: 'DBA' }] })]), DANA.id)).toEqual([
      'items',
    ]);
    expect(mattersOf(asked([item('extra', { required: false })]), DANA.id)).toEqual([]);
  });

  it('K-7: an item is the lead’s to see to where the card calls it open and nothing else is waited for', () => {
    const built = item('built', { evidence: { kind: 'gate', gate: 'build' } });
    const d = asked([built], false, [{ ...BUILD, before: 'evidence' }]);
    expect(openOfTheirOwn(d, 'start')).toEqual([built]);
    expect(mattersOf(d, DANA.id)).toEqual(['items']);
  });

  it('K-7: whoever must decide on a hold, whether they held it or not', () => {
    const held = deploymentIn('held');
    const { lead, onCall } = held.terms.details;
    expect(waitingFor(held)).toEqual([{ matter: 'hold', people: [lead, onCall] }]);
  });

  it('RB-7: a rollback that failed waits for its lead and on-call until they say what happened', () => {
    const failed = deploymentIn('failed');
    const { lead, onCall } = failed.terms.details;
    expect(mattersOf(failed, lead.id)).toEqual(['explanation']);
    expect(mattersOf(failed, onCall.id)).toEqual(['explanation']);
  });

  it.each(['cancelled', 'expired', 'rejected', 'handed_over', 'rolling_out', 'verifying'] as const)(
    'K-7: nobody waits in one that is %s',
    (status) => {
      expect(waitingFor(deploymentIn(status))).toEqual([]);
    },
  );
});
