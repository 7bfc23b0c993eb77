/**
 * A backend and a metric source for GoNoGo, without packages. What deploys for you goes into `deploy`. FOLDER has
 * releases.json, { "running": { "checkout/production": "v2.0.4" }, "releases": [ … ] }, and access.log, a line of JSON for
 * each request: { "at": 1767618000000, "version": "v2.1.0", "status": 200 }.
 *   GONOGO_WEBHOOK_SECRET=… PORT=8080 node webhook-server.mjs FOLDER
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { refuse, serve } from './signed-http.mjs';

process.chdir(process.argv[2] ?? '.');
const read = (name, otherwise) => (existsSync(name) ? readFileSync(name, 'utf8') : otherwise);
const { running, releases } = JSON.parse(read('releases.json'));
const state = JSON.parse(read('state.json', '{ "keys": [], "newest": {}, "places": {} }'));

/** Begin the work here. What it throws is the problem that people read, what it changes is what `/observe` then says. */
function deploy(place, { version, digest, broken }, percent) {
  if (broken) throw new Error(broken);
  if (digest !== undefined) place.digests = { ...place.digests, [version]: digest };
  Object.assign(place, percent < 100 ? { canary: version } : { stable: version, canary: null });
  place.weight = percent < 100 ? percent : 0;
}

function placeOf({ service, environment }) {
  const id = `${service}/${environment}`;
  if (running[id] === undefined) refuse(404, `there is no ${id}`);
  state.places[id] ??= { stable: running[id], canary: null, weight: 0, health: 'passing' };
  return state.places[id];
}

/** Written down before anything is done: a second request with a key, and one that a newer one overtook, has no effect. */
function command({ key, deployment, sequence, change }, release, percent) {
  const place = placeOf(change);
  if (!(percent > 0)) refuse(422, 'this server shares traffic, and can nothing else');
  if (state.keys.includes(key) || sequence < (state.newest[deployment] ?? 0)) return {};
  state.keys.push(key);
  state.newest[deployment] = sequence;
  save();
  try {
    place.problem = null;
    deploy(place, release, percent);
  } catch ({ message }) {
    place.problem = message;
  }
  save();
  return {};
}

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

/** More metrics go the same way: { metric: 'p99', kind: 'values', unit: 'ms', baseline: 120, canary: 131 }. */
function metrics({ change, from, to }) {
  const lines = read('access.log', '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const within = lines.filter(({ at }) => Date.parse(from) <= at && at < Date.parse(to));
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
const without = ({ stable }, { version }) => ({ version: stable === version ? null : stable });
serve({
  '/apply': (body) => command(body, find(body.change.version, body.change.digest), body.step.percent),
  '/rollback': (body) =>
    command(body, body.to === null ? without(placeOf(body.change), body.change) : find(body.to), 100),
  '/observe': placeOf,
  '/versions': () => ({ releases }),
  '/metrics': metrics,
});
