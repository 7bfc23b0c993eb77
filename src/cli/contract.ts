/** `gonogo contract FILE`: is this a HANDOFF/V1 contract, and what is understood of it? (HO-4) */

import { readFileSync } from 'node:fs';
import { describeContractProblem } from '../contract/problems.ts';
import { readContract } from '../contract/read-contract.ts';
import { renderContract } from '../contract/render-contract.ts';
import { textOf } from '../contract/source.ts';
import { messageOf } from '../message-of.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { explainContract } from './explain-contract.ts';

export const contract: CliCommand = cliCommand({
  forms: ['contract FILE [--json | --markdown]'],
  summary: 'check a HANDOFF/V1 contract and say what it asks for',
  options: {
    json: { type: 'boolean', says: 'print what was understood as JSON' },
    markdown: { type: 'boolean', says: 'print it as a contract again' },
  },
  async run({ values, positionals }) {
    const [file, ...more] = positionals;
    const { json = false, markdown = false } = values;
    if (file === undefined || more.length > 0 || (json && markdown)) return misused(contract);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      complain(`${file} cannot be read: ${messageOf(error)}`);
      return EXIT.badData;
    }
    const text = textOf(bytes);
    if (text === undefined) {
      complain(`${file} is not text in UTF-8: save it in that encoding.`);
      return EXIT.badData;
    }
    const understood = readContract(text);
    if (!understood.ok) {
      complain(`${file} is not a HANDOFF/V1 contract:`);
      for (const problem of understood.problems) complain(`  ${describeContractProblem(problem)}`);
      return EXIT.config;
    }
    if (json) say(JSON.stringify(understood.contract, null, 2));
    else if (markdown) say(renderContract(understood.contract).trimEnd());
    else {
      say(`${file} is a HANDOFF/V1 contract.`);
      for (const line of explainContract(understood.contract)) say(line);
    }
    return EXIT.ok;
  },
});
