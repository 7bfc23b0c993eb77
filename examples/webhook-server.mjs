/**
 * A backend and a metric source for GoNoGo, without packages. What deploys for you goes into `deploy`. FOLDER has
 * releases.json, { "running": { "checkout/production": "v2.0.4" }, "releases": [ … ] }, and access.log, a line of JSON for
 * each request: { "at": 1767618000000, "version": "v2.1.0", "status": 200 }.
 *   GONOGO_WEBHOOK_SECRET=… PORT=8080 node webhook-server.mjs FOLDER
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { GONOGO_WEBHOOK_SECRET: secret = '', PORT = '8080' } = process.env;
if (secret.length < 32) throw new Error('GONOGO_WEBHOOK_SECRET needs at least 32 characters');
const pathOf = (name) => `${process.argv[2] ?? '.'}/${name}`;
const read = (name, otherwise) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8') : otherwise);
const { running, releases } = JSON.parse(read('releases.json'));
const state = JSON.parse(read('state.json', '{ "keys": [], "places": {} }'));
const refuse = (status, title) => {
  throw Object.assign(new Error(title), { status });
};

/** Begin the work here. What it throws is the problem that people read, what it returns is what `/observe` then says. */
function deploy(place, { version, digest, broken }, percent) {
  if (broken) throw new Error(broken);
  const digests = digest === undefined ? place.digests : { ...place.digests, [version]: digest };
  if (percent < 100) return { ...place, canary: version, weight: percent, digests };
  return { ...place, stable: version, canary: null, weight: 0, digests };
}

function placeOf({ service, environment }) {
  const stable = running[`${service}/${environment}`];
  if (stable === undefined) refuse(404, `there is no ${service}/${environment}`);
  return state.places[`${service}/${environment}`] ?? { stable, canary: null, weight: 0, health: 'passing' };
}

function keep(change, place) {
  state.places[`${change.service}/${change.environment}`] = place;
  writeFileSync(pathOf('state.json.new'), JSON.stringify(state));
  renameSync(pathOf('state.json.new'), pathOf('state.json'));
}

/** A key is written down before anything is done: a second request with it, however late, has no effect. */
function once({ key, change }, release, percent) {
  const place = { ...placeOf(change), problem: null };
  if (!(percent > 0)) refuse(422, 'this server shares traffic, and can nothing else');
  if (state.keys.includes(key)) return {};
  state.keys.push(key);
  keep(change, place);
  try {
    keep(change, deploy(place, release, percent));
  } catch ({ message }) {
    keep(change, { ...place, problem: message });
  }
  return {};
}

/** More metrics go the same way: { metric: 'p99', kind: 'values', unit: 'ms', baseline: 120, canary: 131 }. */
function metrics({ change, from, to }) {
  const lines = read('access.log', '').split('\n').filter(Boolean);
  const within = lines
    .map((line) => JSON.parse(line))
    .filter(({ at }) => Date.parse(from) <= at && at < Date.parse(to));
  if (within.length === 0) return { no_data: 'the log has no request of that time' };
  const [baseline, canary] = [change.previous, change.version].map((version) => {
    const arm = within.filter((line) => line.version === version);
    return { n: arm.length, x: arm.filter(({ status }) => status >= 500).length };
  });
  return { metrics: [{ metric: 'errors', kind: 'counts', baseline, canary }] };
}

const find = (version, digest) =>
  releases.find((one) => one.version === version && (digest === undefined || one.digest === digest)) ??
  refuse(422, `there is no ${version} ${digest ?? ''}`);
const without = (change) => ({
  version: placeOf(change).stable === change.version ? null : placeOf(change).stable,
});
const paths = {
  '/apply': (body) => once(body, find(body.change.version, body.change.digest), body.step.percent),
  '/rollback': (body) => once(body, body.to === null ? without(body.change) : find(body.to), 100),
  '/observe': placeOf,
  '/versions': () => ({ releases }),
  '/metrics': metrics,
};

function authenticate({ url, headers }, body) {
  const { 'x-gonogo-timestamp': timestamp = '', 'x-gonogo-signature': signature = '' } = headers;
  const signed = createHmac('sha256', secret).update(`v1:${timestamp}:POST:${url}:${body}`).digest('hex');
  const [given, right] = [Buffer.from(signature), Buffer.from(`v1=${signed}`)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) refuse(401, 'wrong signature');
  if (!(Math.abs(Date.now() / 1000 - timestamp) < 300))
    refuse(401, 'the timestamp is not of these five minutes');
}

createServer(async (request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk;
      if (body.length > 65_536) return request.destroy();
    }
    authenticate(request, body);
    if (!Object.hasOwn(paths, request.url)) refuse(404, 'no such path');
    answer(200, paths[request.url](JSON.parse(body)));
  } catch (error) {
    answer(error.status ?? 500, { title: error.message });
  }
}).listen(Number(PORT), '127.0.0.1');
