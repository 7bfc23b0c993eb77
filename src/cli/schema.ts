/** `gonogo schema`: the JSON Schema of gonogo.yml, for editors. */

import { policyJsonSchema } from '../config/json-schema.ts';
import { type CliCommand, cliCommand, EXIT, say } from './command.ts';

export const schema: CliCommand = cliCommand({
  forms: ['schema'],
  summary: 'print the JSON Schema of gonogo.yml',
  options: {},
  async run() {
    say(JSON.stringify(policyJsonSchema(), null, 2));
    return EXIT.ok;
  },
});
