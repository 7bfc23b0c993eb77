/**
 * A backend and a metric source for GoNoGo in one file, without packages. In FOLDER: releases.json
 * ({ "running": { "checkout/production": "v2.0.4" }, "releases": [ … ] }) and access.log, one JSON line per request
 * ({ "at": 1767618000000, "version": "v2.1.0", "status": 200, "ms": 12 }). What deploys for you goes into `deploy`.
 *   GONOGO_WEBHOOK_SECRET=… PORT=8080 node webhook-server.mjs FOLDER
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const folder = process.argv[2] ?? '.';
const { GONOGO_WEBHOOK_SECRET: secret = '', PORT = '8080' } = process.env;
if (secret.length < 32) throw new Error('GONOGO_WEBHOOK_SECRET needs at least 32 characters');
const json = (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
const { running, releases } = json('releases.json');
const state = existsSync(`${folder}/state.json`) ? json('state.json') : { keys: [], places: {} };

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Here the work is begun; what it throws is the problem that people see. `place` is what `observe` will answer. */
function deploy(place, { version, digest, broken }, percent) {
  if (broken) throw new Error(broken);
  const all = percent === 100;
  Object.assign(
    place,
    all ? { stable: version, canary: null, weight: 0 } : { canary: version, weight: percent },
  );
  place.digests = { ...place.digests, [version]: digest };
}

function placeOf({ service, environment }) {
  const name = `${service}/${environment}`;
  if (!(name in running)) throw new Refusal(404, `there is no ${name}`);
  state.places[name] ??= { stable: running[name], canary: null, weight: 0, health: 'passing' };
  return state.places[name];
}

function keep() {
  writeFileSync(`${folder}/state.json.new`, JSON.stringify(state));
  renameSync(`${folder}/state.json.new`, `${folder}/state.json`);
}

/** A key is kept before anything is done: a second request with it, however late, has no effect. */
function once(key, change, version, percent) {
  const place = placeOf(change);
  const release = releases.find((one) => one.version === version);
  if (version !== null && !release) throw new Refusal(422, `there is no version ${version}`);
  if (percent === undefined) throw new Refusal(422, 'this server shares traffic, and can nothing else');
  if (state.keys.includes(key)) return {};
  state.keys.push(key);
  place.problem = null;
  keep();
  try {
    if (version !== null) deploy(place, release, percent);
    else
      Object.assign(place, {
        stable: place.stable === change.version ? null : place.stable,
        canary: null,
        weight: 0,
      });
  } catch (error) {
    place.problem = error.message;
  }
  keep();
  return {};
}

function arm(lines, version) {
  const mine = lines.filter((line) => line.version === version).sort((a, b) => a.ms - b.ms);
  const quantile = (q) => mine[Math.floor(mine.length * q)]?.ms ?? null;
  return {
    n: mine.length,
    x: mine.filter(({ status }) => status >= 500).length,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

function metrics({ change, from, to }) {
  const lines = existsSync(`${folder}/access.log`)
    ? readFileSync(`${folder}/access.log`, 'utf8').trim().split('\n')
    : [];
  const within = lines
    .map((line) => JSON.parse(line))
    .filter(({ at }) => Date.parse(from) <= at && at < Date.parse(to));
  if (within.length === 0) return { no_data: 'the log has no request of that time' };
  const [baseline, canary] = [arm(within, change.previous), arm(within, change.version)];
  const counts = ({ n, x }) => ({ n, x });
  const values = ['p50', 'p99'].map((q) => ({
    metric: q,
    kind: 'values',
    unit: 'ms',
    baseline: baseline[q],
    canary: canary[q],
  }));
  return {
    metrics: [
      { metric: 'errors', kind: 'counts', baseline: counts(baseline), canary: counts(canary) },
      ...values,
    ],
  };
}

const paths = {
  '/apply': ({ key, change, step }) => {
    const known = releases.find(({ version }) => version === change.version);
    if (known && known.digest !== change.digest)
      throw new Refusal(422, `${change.digest} is not ${change.version}`);
    return once(key, change, change.version, step.percent);
  },
  '/rollback': ({ key, change, to }) => once(key, change, to, 100),
  '/observe': placeOf,
  '/versions': () => ({ releases }),
  '/metrics': metrics,
};

function authentic({ url, headers }, body) {
  const timestamp = headers['x-gonogo-timestamp'] ?? '';
  const right = `v1=${createHmac('sha256', secret).update(`v1:${timestamp}:POST:${url}:${body}`).digest('hex')}`;
  const given = Buffer.from(headers['x-gonogo-signature'] ?? '');
  if (given.length !== right.length || !timingSafeEqual(given, Buffer.from(right)))
    throw new Refusal(401, 'wrong signature');
  if (!(Math.abs(Date.now() / 1000 - timestamp) < 300))
    throw new Refusal(401, 'the timestamp is not of these five minutes');
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
    authentic(request, body);
    if (!Object.hasOwn(paths, request.url)) throw new Refusal(404, 'no such path');
    answer(200, paths[request.url](JSON.parse(body)));
  } catch (error) {
    answer(error.status ?? 500, { title: error.message });
  }
}).listen(Number(PORT), '127.0.0.1');
