/** What goes wrong at a Kubernetes API server. */

import { ASKED_TO_WAIT, type Fault, type Faults, hurried, standingStill } from './faults.ts';
import type { KubeServer } from './kube-server/server.ts';

/** Why a clock that is off does nothing. */
export const READS_NO_CLOCK = 'no time that the cluster names is compared with the own one';

export function kubeFaults(
  server: KubeServer,
): Omit<Faults, 'cutsWatch' | 'deleted' | 'changedByAnother' | 'clockAhead'> {
  const answering = (
    status: number,
    words: RegExp,
    more: { body?: unknown; headers?: Record<string, string> } = {},
  ): Fault => ({
    begin() {
      server.fail({ status, ...more, times: Number.POSITIVE_INFINITY });
      return () => server.fail(undefined);
    },
    words,
  });
  return {
    'the credentials are not accepted (401)': answering(401, /does not accept the credentials \(401\)/),
    'a permission is missing (403)': {
      begin() {
        const { rules } = server;
        server.rules = rules.map((rule) => ({
          ...rule,
          verbs: rule.verbs.filter((verb) => verb !== 'patch'),
        }));
        return () => {
          server.rules = rules;
        };
      },
      words: /permission is missing \(403\): .* cannot patch resource .* in the namespace "shop"/,
    },
    'there is no such thing (404)': answering(404, /there is no such object \(404\)/),
    'it is in conflict with another, without end (409)': answering(409, /was changed meanwhile \(409\)/),
    'what was told is invalid there (422)': answering(422, /finds it invalid \(422\)/),
    'it is busy, and says until when (429)': answering(429, /asked again in 40 s/, {
      headers: { 'retry-after': String(ASKED_TO_WAIT) },
    }),
    'it fails (503)': answering(503, /answers 503/),
    'it does not answer in time': {
      begin() {
        const restore = hurried();
        const goOn = server.hang();
        return () => {
          restore();
          goOn();
        };
      },
      words: /no answer within 10 s/,
    },
    'its answer is huge': answering(200, /larger than 20000000 bytes/, { body: 'x'.repeat(20_000_001) }),
    'its answer is not as agreed': answering(200, /sends no JSON/, { body: '<html>sign in</html>' }),
    standsStill() {
      const still = standingStill();
      server.holdNextWrite(still.hold);
      return still;
    },
    losesAnswer() {
      const { afterWrite } = server;
      let restore = (): void => {};
      server.afterWrite = () => {
        restore = server.breakDown();
      };
      return () => {
        restore();
        server.afterWrite = afterWrite;
      };
    },
  };
}
