// The same service, but on SIGTERM it does what gRPC's `forceShutdown` does, and exits: every call it has is cancelled.
import { constants, createServer } from 'node:http2';
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
  for (const session of sessions) session.destroy(constants.NGHTTP2_CANCEL);
  process.exit(0);
});
