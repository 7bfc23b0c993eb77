/** The names that the tables of words speak of. */

import type { Names } from '../../src/words/names.ts';

export const NAMES: Names = {
  services: new Map([
    ['checkout', ['staging', 'production']],
    ['payments', ['staging', 'production', 'preview']],
    ['WebAPI', ['eu-west', 'eu-north']],
    ['apps/web', ['production']],
    ['checkout.io', ['production']],
  ]),
  environments: [
    { id: 'staging', name: 'Staging' },
    { id: 'preview', name: 'Preview' },
    { id: 'production', name: 'Production' },
    { id: 'eu-west', name: 'Frankfurt' },
    { id: 'eu-north', name: 'Stockholm' },
  ],
};
