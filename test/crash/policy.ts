/** The example policy with a plan of minutes, so that a whole deployment has few moments, and all of them count. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../smoke/target.ts';
import { ROOT } from './bundle.ts';

export const policyFor = ({ port, url }: Target, pages: boolean): string =>
  readFileSync(join(ROOT, 'gonogo.example.yml'), 'utf8')
    .replace(
      / {2}checkout:\n/,
      `  checkout:
    smoke:
      environments: { production: { base: "${url}" } }
      tests:
        up: { name: Health, category: health, get: /healthz }
        login: { name: Login, category: authentication, steps: [{ get: /form }, { get: /session }] }
`,
    )
    // Of its services, this one.
    .replace(/^ {2}payments:.*/ms, '')
    .concat(`
smoke: { hosts: ["localhost:${port}"] }
${
  pages
    ? `notifiers: { pager: { kind: webhook, url: "${url}/pager", secret: "env:PAGER_SECRET" } }
defaults: { notifiers: [pager] }`
    : ''
}
strategies:
  canary:
    name: Canary
    steps: [{ set_weight: 5 }, { watch: 3m }, { set_weight: 100 }]
# Stages of minutes are too short to exclude anything: this is about what a crash loses, not about the judge.
judge: { undecided: { usual: go_on, last: go_on } }
safeguards:
  observe_for: 10m
  observe_every: 5m
`);
