import { describe, expect } from 'vitest';
import { request } from './deploying.ts';
import { it } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

/** Each waits for a real time-out, so they wait together. */
describe.concurrent('calls that Slack takes and never answers', () => {
  it('K-3: a post is given up after ten seconds, looked for, and sent again', async ({ open }) => {
    const stage = await open();
    await stage.driver.faults({ on: 'chat.postMessage', do: 'hang', times: 1 });
    const id = await request(stage);
    await expectTruth(stage, id);
    expect(await timelineOf(stage, id)).toHaveLength(1);
  });

  it('K-3: an update is given up after ten seconds, and sent again', async ({ open }) => {
    const stage = await open();
    const id = await request(stage);
    await stage.driver.faults({ on: 'chat.update', do: 'hang', times: 1 });
    await stage.click('tom', await stage.card(id), 'card.go');
    await expectTruth(stage, id);
  });

  it('K-1: whoever waits for a modal is told within the time Slack gives them', async ({ open }) => {
    const stage = await open();
    await stage.driver.faults({ on: 'views.open', do: 'hang', times: 1 });
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const { told, modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0');
    expect(modal).toBeNull();
    expect(told).toEqual([expect.stringContaining('Something failed on our side. Reference')]);
  });

  it('K-1: /deploy opens its modal all the same where Slack does not say who typed it', async ({ open }) => {
    const stage = await open();
    await stage.driver.faults({ on: 'users.info', do: 'hang', times: 1 });
    const { modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production at 14:00');
    expect(modal?.title).toBe('Schedule a deployment');
  });

  it('CH-6: silence about who clicked is a no, and the next click works', async ({ open }) => {
    const stage = await open();
    const id = await request(stage);
    await stage.driver.faults({ on: 'users.info', do: 'hang', times: 1 });
    stage.expectTrouble({ logged: 'a person could not be looked up and was refused' });
    const { told } = await stage.click('tom', await stage.card(id), 'card.go');
    expect(told).toEqual([expect.stringContaining('Slack did not say who you are')]);
    await stage.click('tom', await stage.card(id), 'card.go');
    expect((await stage.load(id)).signOffs).toHaveLength(1);
  });
});
