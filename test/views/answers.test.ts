/** Private answers: state, lists, help, and refusals that say what to do next (K-1). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';
import { renderAnswerModal, renderFault, renderRefusal, renderWorkingModal } from '../../views/answers.ts';
import {
  renderHelp,
  renderUnknownCommand,
  renderUnknownName,
  renderUsage,
} from '../../views/command-answers.ts';
import { renderHistory, renderList } from '../../views/list-answers.ts';
import { renderRollbackOffer } from '../../views/rollback-offer.ts';
import { renderStatus } from '../../views/status-answers.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { deploymentIn, T0 } from './deployments.ts';

describe('answers', () => {
  it('K-1: gives a mistyped sub-command its nearest match and its usage', () => {
    const near = { usage: 'status [SERVICE]', summary: 'Shows what runs where.' };
    expect(renderUnknownCommand('statsu', near).text).toBe(
      'There is no `/deploy statsu`. Did you mean `/deploy status [SERVICE]`? (Shows what runs where.)',
    );
    expect(renderUnknownCommand('zzz', undefined).text).toContain('`/deploy help` lists what there is.');
  });

  it('K-1: names the service that was probably meant, or those there are', () => {
    expect(renderUnknownName('service', 'chekout', { near: 'checkout', known: ['checkout'] }).text).toBe(
      'No service `chekout`. Did you mean `checkout`?',
    );
    expect(renderUnknownName('service', 'zzz', { known: ['checkout', 'search'] }).text).toBe(
      'No service `zzz`. There are: checkout, search.',
    );
  });

  it('K-1: shows what runs where and what is on its way', () => {
    const { text } = renderStatus('checkout', [
      { environment: 'production', running: 'v2.0.4', since: T0, underWay: deploymentIn('rolling_out') },
      { environment: 'staging', running: null },
      { environment: 'integration' },
    ]);
    expect(text).toContain('production: v2.0.4 since <!date^');
    expect(text).toContain('on its way: v2.1.0, 25 %, stage 2 of 4 (D-1042)');
    expect(text).toContain('staging: nothing');
    expect(text).toContain('integration: unknown: no answer');
  });

  it('K-1: lists deployments and counts those it leaves out', () => {
    const { text } = renderList('Under way', [deploymentIn('held')], 40);
    expect(text).toContain('D-1042 · checkout v2.1.0 → production · held at 25 %');
    expect(text).toContain('and 39 more deployments: name a service or an environment to see fewer');
    expect(renderList('Under way', []).text).toBe('Under way: none. `/deploy` schedules one.');
  });

  it('K-1: tells the history with outcomes and how long each took', () => {
    const { text } = renderHistory('checkout', [deploymentIn('rolled_back'), deploymentIn('handed_over')]);
    expect(text).toContain('rolled back: p99 is climbing');
    expect(text).toContain('live, handed over');
    expect(text).toContain('3 h 32 min');
  });

  it('tells of a fault with a reference and what to do, and nothing of its insides', () => {
    expect(renderFault('abc123').text).toBe(
      'Something failed on our side. Reference `abc123`\nLook at the card before you try again: it shows what was done. If it fails again, give the reference to those who run GoNoGo.',
    );
  });

  it('fit within Slack’s limits whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(anyDeployment(), { maxLength: 30 }),
        nasty,
        fc.array(nasty, { maxLength: 30 }),
        (deployments, word, words) => {
          const commands = words.map((usage) => ({ usage, summary: word }));
          const messages = [
            renderList(word, deployments, 99),
            renderHistory(word, deployments),
            renderStatus(
              word,
              deployments.map((underWay) => ({ environment: word, running: word, underWay })),
            ),
            renderHelp(commands.slice(0, 20)),
            renderUsage({ usage: word, summary: word }, word),
            renderRefusal(word || 'No.', word),
            renderUnknownCommand(word, commands[0]),
            renderUnknownName('version', word, { known: words }),
            renderFault('abc123'),
          ];
          for (const message of [...messages, renderRollbackOffer(deployments.slice(0, 6), word)])
            expect(checkMessage(message)).toEqual([]);
          expect(checkView(renderAnswerModal(renderHelp(commands)), 'modal')).toEqual([]);
          expect(checkView(renderWorkingModal(), 'modal')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
