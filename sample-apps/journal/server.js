// Notes what it reads and what it answers in a journal, so that what a client makes of its requests can be held against
// it. A line an event, written by a system call of its own: what the kernel has survives the SIGKILL of this process.
//
//   r <id> <µs> <act>   the request was read, and this is what will be done with it
//   h <id> <µs>         the whole answer is about to be handed over
//   a <id> <µs>         it has been handed over
//   c - <µs>            the listener is closed
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const env = process.env;
const workMs = Number(env.WORK_MS ?? 20);
const every = Number(env.ACT_EVERY ?? 1);
const act = env.ACT ?? 'answer';
const stallMs = Number(env.STALL_MS ?? 0);
const closeIdleEveryMs = Number(env.CLOSE_IDLE_EVERY_MS ?? 0);
const drainMs = Number(env.DRAIN_MS ?? 0);
const journal = openSync(env.JOURNAL ?? '/journal/journal', 'a');
let stopping = false;

/** What is done with a request in the end. `ACT` is one of these, or one with `-now` to do it without any work before. */
const ACTS = {
  answer: (_request, response, id) => reply(response, id, 200),
  unavailable: (_request, response, id) => reply(response, id, 503),
  half: (request, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('half', () => request.socket.end());
  },
  fin: (request) => request.socket.end(),
  reset: (request) => request.socket.resetAndDestroy(),
};

const server = createServer((request, response) => {
  const id = request.headers['x-request-id'] ?? '-';
  const [kind, isAtOnce] = id !== '-' && Number(id) % every === 0 ? act.split('-') : ['answer'];
  note('r', id, ` ${kind}`);
  if (isAtOnce) ACTS[kind](request, response, id);
  else setTimeout(() => ACTS[kind](request, response, id), workMs);
});

function reply(response, id, status) {
  response.statusCode = status;
  if (stopping) response.setHeader('Connection', 'close');
  response.once('finish', () => note('a', id));
  note('h', id);
  response.end('done\n');
}

/** At no fixed pace, which the client's might fall in with. */
function closeIdle() {
  server.closeIdleConnections();
  setTimeout(closeIdle, 2 * closeIdleEveryMs * Math.random());
}

function note(event, id, more = '') {
  // The monotonic clock is the machine's own: every process on it reads the same.
  if (id !== '-' || event === 'c') writeSync(journal, `${event} ${id} ${process.hrtime.bigint() / 1000n}${more}\n`);
}

// A server whose sockets are closed under it must not die of what it still writes to them.
server.on('connection', (socket) => socket.on('error', () => {}));
server.listen(Number(env.PORT ?? 3000), () => console.log(`listening on ${server.address().port}`));

process.on('SIGTERM', () => {
  if (env.ON_SIGTERM === 'ignore') return;
  if (env.ON_SIGTERM === 'exit') process.exit(0);
  stopping = true;
  const minimum = new Promise((resolve) => setTimeout(resolve, drainMs));
  server.close(() => minimum.then(() => process.exit(0)));
  note('c', '-');
});

if (closeIdleEveryMs > 0) closeIdle();
// Serves half of the time; in the other half requests wait in the kernel, unread.
if (stallMs > 0) {
  setInterval(() => {
    const until = performance.now() + stallMs;
    while (performance.now() < until);
  }, stallMs * 2);
}
