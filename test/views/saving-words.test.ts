/** What an edit says before it is saved. */

import { describe, expect, it } from 'vitest';
import { type Saving, savingWords } from '../../views/saving-words.ts';
import { DANA, OMAR } from './deployments.ts';

const NOTHING: Saving = { falls: [], joins: [], stands: [] };

describe('CH-7: an edit, before it is saved,', () => {
  it.each<[string, Partial<Saving>, string[]]>([
    ['has nothing to say where nobody has said go', {}, []],
    [
      'names whose go falls and why, whom it asks besides, and whose go stands',
      {
        falls: [{ person: OMAR, role: 'Operations', why: 'risk medium → high' }],
        joins: ['Product owner'],
        stands: [{ person: DANA, role: 'Tech lead' }],
      },
      [
        '⚠️ Saving this, these fall and are asked for again: the go of Omar as Operations (risk medium → high).',
        'Product owner must say go as well.',
        'the go of Dana as Tech lead stands.',
        'Of another summary, lead or on-call Dana is told, with a button to withdraw the go.',
      ],
    ],
    [
      'names a person once who is told',
      {
        stands: [
          { person: OMAR, role: 'Operations' },
          { person: OMAR, role: 'Security' },
        ],
      },
      [
        'the go of Omar as Operations and the go of Omar as Security stand.',
        'Of another summary, lead or on-call Omar is told, with a button to withdraw the go.',
      ],
    ],
    [
      'says nothing of gos where it would not be saved',
      { refused: '<b> is & was', stands: [{ person: DANA, role: 'Tech lead' }] },
      ['🚫 As it is filled in it would not be saved: &lt;b&gt; is &amp; was'],
    ],
  ])('%s', (_, saving, words) => {
    expect(savingWords({ ...NOTHING, ...saving })).toEqual(words);
  });
});
