/** What goes wrong at GitHub. */

import { ASKED_TO_WAIT, type Fault, type Faults, hurried } from './faults.ts';
import type { GithubStage } from './github-rig.ts';

const EVERYTHING = /^/;

export const CANNOT_AT_GITHUB = {
  standsStill:
    'a dispatch knows no condition: one that comes late is seen, and cancelled or told again, which has tests of its own',
  cutsWatch: 'GitHub is asked, and tells by webhooks',
};

export function githubFaults(stage: GithubStage): Omit<Faults, keyof typeof CANNOT_AT_GITHUB> {
  const { github } = stage;
  const answering = (status: number, words: RegExp, body: unknown, headers = {}): Fault => ({
    begin() {
      github.fault({ match: EVERYTHING, status, headers, body });
      return () => github.mend();
    },
    words,
  });
  const refusing = (status: number, message: string, words: RegExp, headers = {}): Fault =>
    answering(status, words, { message }, headers);

  return {
    'the credentials are not accepted (401)': refusing(401, 'Bad credentials', /credentials \(401\): Bad/),
    'a permission is missing (403)': refusing(
      403,
      'Resource not accessible',
      /it needs the permission actions: write/,
      {
        'x-accepted-github-permissions': 'actions=write',
      },
    ),
    'there is no such thing (404)': refusing(404, 'Not Found', /acme\/checkout.* \(404\): the name is wrong/),
    'it is in conflict with another, without end (409)': refusing(
      409,
      'Conflict',
      /refused it \(409\): Conflict/,
    ),
    'what was told is invalid there (422)': refusing(422, 'no such ref', /\(422\): no such ref/),
    'it is busy, and says until when (429)': refusing(429, 'Too many', /asks to wait 40 s/, {
      'retry-after': String(ASKED_TO_WAIT),
    }),
    'it fails (503)': refusing(503, 'Unavailable', /GitHub failed \(503\): Unavailable/),
    'it does not answer in time': {
      begin() {
        const restore = hurried();
        const goOn = github.hang();
        return () => {
          restore();
          goOn();
        };
      },
      words: /did not answer within 12 s/,
    },
    'its answer is huge': answering(200, /more than 10 MB/, ['x'.repeat(10_000_001)]),
    'its answer is not as agreed': answering(200, /as it is documented/, { hello: 'world' }),
    losesAnswer() {
      github.fault({ match: /^POST .*\/dispatches/, status: 200, carriedOut: true, cut: true, times: 1 });
      return () => {};
    },
    deleted() {
      github.fault({ match: EVERYTHING, status: 404, body: { message: 'Not Found' } });
      return {
        words: /acme\/checkout.* \(404\): the name is wrong, or the credentials may not see it/,
        back: 'refused',
      };
    },
    changedByAnother() {
      github.deploy({ ref: 'v2.1.1' });
      return { stable: 'v2.1.1' };
    },
    clockAhead(by) {
      stage.lag(by);
      return undefined;
    },
  };
}
