/** Faults on demand: what goes wrong between the app and Slack when a test asks for it. */
import { describe, expect, it } from 'vitest';
import { appOn, clientOf, DEPLOYS, isDelivery, refusalOf, settled, stage } from './stage.ts';

describe('faults', () => {
  it('A method can be slow, answer any status, or answer an error of Slack’s', async () => {
    const { driver, client, timers } = await stage();
    await driver.faults({ on: 'auth.test', do: 'status', status: 500, times: 1 });
    await expect(client.auth.test()).rejects.toMatchObject({ statusCode: 500 });
    await driver.faults({ on: 'auth.test', do: 'status', status: 429, retry_after: 30, times: 1 });
    await expect(client.auth.test()).rejects.toMatchObject({ retryAfter: 30 });
    await driver.faults({ on: '*', do: 'error', error: 'token_revoked', times: 1 });
    expect((await refusalOf(client.auth.test())).error).toBe('token_revoked');
    await driver.faults({ on: 'auth.test', do: 'delay', ms: 5_000, times: 1 });
    const slow = client.auth.test();
    // The call is on its way once its delay is set.
    while (timers.waiting() === 0) await driver.calls();
    timers.advance(5_000);
    await expect(slow).resolves.toMatchObject({ ok: true });
  });

  it('A lost answer leaves the message posted, and a duplicated call posts twice', async () => {
    const { driver, client } = await stage();
    await driver.faults({ on: 'chat.postMessage', do: 'lose-answer', times: 1 });
    await expect(client.chat.postMessage({ channel: DEPLOYS, text: 'once' })).rejects.toThrow();
    await driver.faults({ on: 'chat.postMessage', do: 'duplicate', times: 1 });
    await client.chat.postMessage({ channel: DEPLOYS, text: 'twice' });
    const texts = (await driver.messages({ channel: 'deploys' })).map(({ text }) => text);
    expect(texts).toEqual(['once', 'twice', 'twice']);
  });

  it('A cut call does nothing, and a hanging one never answers', async () => {
    const { slack, driver } = await stage();
    const client = clientOf(slack);
    await driver.faults({ on: 'chat.postMessage', do: 'cut', times: 1 });
    await expect(client.chat.postMessage({ channel: DEPLOYS, text: 'no' })).rejects.toThrow();
    await driver.faults({ on: 'chat.postMessage', do: 'hang' });
    const hanging = fetch(`${slack.api}chat.postMessage`, {
      method: 'POST',
      signal: AbortSignal.timeout(50),
    });
    await expect(hanging).rejects.toThrow('timeout');
    await driver.clearFaults();
    await client.chat.postMessage({ channel: DEPLOYS, text: 'yes' });
    expect(await driver.messages({ channel: 'deploys' })).toMatchObject([{ text: 'yes' }]);
  });

  it('A delivery can be dropped, late, doubled, or acked in vain', async () => {
    const { slack, driver, timers } = await stage();
    let count = 0;
    const twice = settled<boolean>();
    await appOn(slack, (app) =>
      app.command('/deploy', async ({ ack }) => {
        count += 1;
        await ack();
        if (count === 3) twice.give(true);
      }),
    );
    const command = async (advance: number): Promise<object> => {
      const from = driver.mark();
      const answer = driver.command('dana', 'deploys', '/deploy');
      await driver.event(isDelivery('/deploy'), { from });
      if (advance > 0) timers.advance(advance);
      return answer;
    };
    await driver.faults({ on: '/deploy', do: 'drop', times: 1 });
    expect(await command(3_000)).toMatchObject({ ok: false, code: 'operation_timeout' });
    expect(count).toBe(0);
    await driver.faults({ on: 'slash_commands', do: 'delay', ms: 2_000, times: 1 });
    expect(await command(2_000)).toMatchObject({ ok: true, ack_ms: 2_000 });
    await driver.faults({ on: '/deploy', do: 'duplicate', times: 1 });
    expect(await command(0)).toMatchObject({ ok: true });
    await twice.value;
    expect(count).toBe(3);
    await driver.faults({ on: '/deploy', do: 'lose-answer', times: 1 });
    expect(await command(3_000)).toMatchObject({ ok: false, code: 'operation_timeout' });
  });

  it('A fault on what does not exist, or that cannot be, is a wrong call', async () => {
    const { driver } = await stage();
    await expect(driver.faults({ on: 'chat.post', do: 'cut' })).rejects.toMatchObject({
      status: 400,
      path: 'set.0.on',
    });
    await expect(driver.faults({ on: '/deploy', do: 'status' })).rejects.toMatchObject({ path: 'set.0.do' });
  });
});
