/** `gonogo schema`: the JSON Schema of gonogo.yml, for editors. */

import { policyJsonSchema } from '../config/json-schema.ts';
import { type CliCommand, EXIT, readArgs, say } from './command.ts';

export const schema: CliCommand = {
  forms: ['schema'],
  summary: 'print the JSON Schema of gonogo.yml',
  async run(args) {
    if (readArgs(args, schema, {}) === undefined) return EXIT.usage;
    say(JSON.stringify(policyJsonSchema(), null, 2));
    return EXIT.ok;
  },
};
