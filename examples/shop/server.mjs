// A small shop server: what GoNoGo needs of an app behind HAProxy, and nothing else.
//   GET /version  which version and build runs here      GET /health   for HAProxy's check
//   GET /metrics  for Prometheus                         GET /…        the shop itself
// PORT, VERSION, DIGEST come from whoever starts it; ERROR_RATE is how often it fails, to try things out, and SIGUSR2 breaks it.
import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Histogram, register } from 'prom-client';

const { PORT = '8080', VERSION = 'v0.0.0', DIGEST = '', ERROR_RATE = '0' } = process.env;
let errorRate = Number(ERROR_RATE);
process.on('SIGUSR2', () => {
  errorRate = 0.8;
});

// The label that tells one version's requests from the other's.
register.setDefaultLabels({ version: VERSION });
collectDefaultMetrics();
const requests = new Counter({
  name: 'http_requests_total',
  help: 'Requests by status code.',
  labelNames: ['code'],
});
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'How long requests take.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3],
});
// A counter that begins at 0 is there before the first error.
for (const code of ['200', '500']) requests.inc({ code }, 0);

function shop(response) {
  const stop = duration.startTimer();
  const code = Math.random() < errorRate ? 500 : 200;
  setTimeout(() => {
    response.writeHead(code).end(`${VERSION}\n`);
    requests.inc({ code: String(code) });
    stop();
  }, 2 * Math.random());
}

const pages = {
  '/version': (response) => response.end(JSON.stringify({ version: VERSION, digest: DIGEST })),
  '/health': (response) => response.end('well\n'),
  '/metrics': async (response) => response.end(await register.metrics()),
};

const server = createServer((request, response) => (pages[request.url] ?? shop)(response));
server.listen(Number(PORT), '127.0.0.1');

// It finishes what it has begun; and it ends with whoever started it.
const end = () => server.close(() => process.exit());
process.on('SIGTERM', end);
process.stdin.on('end', () => process.exit()).resume();
