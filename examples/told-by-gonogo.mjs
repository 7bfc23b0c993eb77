/** What every server of the contract needs, and nobody has to change: signatures, and that each command acts once and in order. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const { GONOGO_WEBHOOK_SECRET: secret = '', PORT = '8080' } = process.env;
if (secret.length < 32) throw new Error('GONOGO_WEBHOOK_SECRET needs at least 32 characters');

process.chdir(process.argv[2] ?? '.');
export const read = (name, otherwise) => (existsSync(name) ? readFileSync(name, 'utf8') : otherwise);

/** `newest`: of each place the newest command of each record, for ever; those before it are known by being older. `places` are the server's own. */
export const state = JSON.parse(read('state.json', '{ "newest": {}, "places": {} }'));

/** What cannot be written down must not be remembered either: the process ends, and is told again after its start. */
function save() {
  try {
    writeFileSync('state.json.new', JSON.stringify(state));
    renameSync('state.json.new', 'state.json');
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

/** Written down before anything is done: a second request with a key, and one that a newer one overtook, has no effect. */
export function once({ key, deployment, sequence, change }, place, act) {
  const from = JSON.stringify([change.service, change.environment, deployment.split('@').at(-1)]);
  const newest = state.newest[from] ?? { sequence: 0, keys: [] };
  if (sequence < newest.sequence || newest.keys.includes(key)) return {};
  const keys = sequence === newest.sequence ? [...newest.keys, key] : [key];
  state.newest[from] = { sequence, keys };
  save();
  try {
    place.problem = null;
    act(place);
  } catch ({ message }) {
    place.problem = message;
  }
  save();
  return {};
}

export function refuse(status, title) {
  throw Object.assign(new Error(title), { status });
}

function authenticate({ url, headers }, body) {
  const { 'x-gonogo-timestamp': timestamp = '', 'x-gonogo-signature': signature = '' } = headers;
  const signed = createHmac('sha256', secret).update(`v1:${timestamp}:POST:${url}:${body}`).digest('hex');
  const [given, right] = [Buffer.from(signature), Buffer.from(`v1=${signed}`)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) refuse(401, 'wrong signature');
  if (!(Math.abs(Date.now() / 1000 - timestamp) < 300))
    refuse(401, 'the timestamp is not of these five minutes');
}

async function answer(paths, request) {
  // A body of unknown length is not read: whoever has not signed it yet could send one without an end.
  if (!(request.headers['content-length'] <= 65_536)) refuse(413, 'more than 64 kB, or of unknown length');
  const body = await text(request);
  authenticate(request, body);
  if (!Object.hasOwn(paths, request.url)) refuse(404, 'no such path');
  return paths[request.url](JSON.parse(body));
}

/** By path, what answers its body; what is thrown with a `status` is told with its words. */
export function serve(paths) {
  createServer((request, response) => {
    const say = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    answer(paths, request).then(
      (body) => say(200, body),
      ({ status = 500, message }) => say(status, { title: message }),
    );
  }).listen(Number(PORT), '127.0.0.1');
}
