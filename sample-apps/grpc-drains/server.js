// Right: a health service, by hand over HTTP/2, that on SIGTERM does what gRPC's `tryShutdown` does. It takes no new
// connections, tells every client by GOAWAY to call elsewhere, finishes the calls it has, and exits 0.
import { createServer } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

const workMs = Number(process.env.WORK_MS ?? 200);
// A gRPC message: not compressed, two bytes long, `status: SERVING` (grpc/health/v1/health.proto).
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 1]);
const UNIMPLEMENTED = 12;
const sessions = new Set();

const server = createServer();
server.on('session', (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
});
server.on('stream', async (stream, headers) => {
  stream.on('error', () => {}); // The client may be gone.
  stream.resume();
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  if (headers[':path'] !== '/grpc.health.v1.Health/Check') {
    return stream.respond({ ...head, 'grpc-status': UNIMPLEMENTED }, { endStream: true });
  }
  await sleep(workMs);
  if (stream.destroyed) return;
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': 0 }));
  stream.respond(head, { waitForTrailers: true });
  stream.end(SERVING);
});
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  for (const session of sessions) session.close();
});
