/**
 * Runs the bundled bot with what was compiled of it before: more than half of a start is compiling, and the crash test
 * starts it a hundred times. A bot that was told to keeps what it has compiled by then.
 */

const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { Script } = require('node:vm');

const [, , filename = ''] = process.argv;
const compiled = `${filename}.compiled`;
// It is written in ASCII: a text that may be anything is twice as long in memory.
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  ...(existsSync(compiled) ? { cachedData: readFileSync(compiled) } : {}),
});
process.on('message', (order) => {
  if (order.keepCompiled) writeFileSync(compiled, script.createCachedData());
});
script.runInThisContext()(createRequire(filename));
