/**
 * A backend and a metric source for GoNoGo, without packages. What deploys for you goes into `deploy`. FOLDER has
 * releases.json, { "running": { "checkout/production": "v2.0.4" }, "releases": [ … ] }, and access.log, a line of JSON for
 * each request: { "at": 1767618000000, "version": "v2.1.0", "status": 200 }.
 *   GONOGO_WEBHOOK_SECRET=… PORT=8080 node webhook-server.mjs FOLDER
 */
import { once, read, refuse, serve, state } from './told-by-gonogo.mjs';

const { running, releases } = JSON.parse(read('releases.json'));

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

function releaseOf(version, digest) {
  const isIt = (one) => one.version === version && (digest === undefined || one.digest === digest);
  return releases.find(isIt) ?? refuse(422, `there is no ${version} ${digest ?? ''}`);
}

function apply(body) {
  const { change, step } = body;
  const release = releaseOf(change.version, change.digest);
  if (!(step.percent > 0)) refuse(422, 'this server shares traffic, and can nothing else');
  return once(body, placeOf(change), (place) => deploy(place, release, step.percent));
}

function rollback(body) {
  const { change, to } = body;
  const { stable } = placeOf(change);
  const release = to === null ? { version: stable === change.version ? null : stable } : releaseOf(to);
  return once(body, placeOf(change), (place) => deploy(place, release, 100));
}

/** More metrics go the same way: { metric: 'p99', kind: 'values', unit: 'ms', baseline: 120, canary: 131 }. */
function metrics({ change, from, to }) {
  const lines = read('access.log', '').split('\n').filter(Boolean);
  const requests = lines.map((line) => JSON.parse(line));
  const within = requests.filter(({ at }) => Date.parse(from) <= at && at < Date.parse(to));
  if (within.length === 0) return { no_data: 'the log has no request of that time' };
  const [baseline, canary] = [change.previous, change.version].map((version) => {
    const arm = within.filter((line) => line.version === version);
    return { n: arm.length, x: arm.filter(({ status }) => status >= 500).length };
  });
  return { metrics: [{ metric: 'errors', kind: 'counts', baseline, canary }] };
}

const versions = () => ({ releases });
serve({
  '/apply': apply,
  '/rollback': rollback,
  '/observe': placeOf,
  '/versions': versions,
  '/metrics': metrics,
});
