// People in the shop: RATE requests a second to URL, whatever they are answered.
import { Agent, request } from 'undici';

const { URL: url = 'http://127.0.0.1:8080/', RATE = '200' } = process.env;
const dispatcher = new Agent({ connections: 50 });
const EVERY_MS = 20;
let owed = 0;

setInterval(() => {
  for (owed += (Number(RATE) * EVERY_MS) / 1000; owed >= 1; owed -= 1) {
    request(url, { dispatcher })
      .then(({ body }) => body.dump())
      // Nobody is there: the next one tries again.
      .catch(() => {});
  }
}, EVERY_MS);
process.stdin.on('end', () => process.exit()).resume();
