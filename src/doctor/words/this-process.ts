import { LEAST } from '../../load/sockets.ts';
import { time, whole } from '../../report/text.ts';
import { type DoctorLine, fine } from '../line.ts';
import type { Machine } from '../machine.ts';

export function nodeLine({ node: { version, needed, isNewEnough } }: Machine): DoctorLine {
  if (isNewEnough) return fine('node', `Node ${version}; this program needs ${needed}.`);
  return {
    name: 'node',
    state: 'missing',
    found: `Node ${version}; this program needs ${needed}.`,
    costs: 'Nothing can be checked.',
    remedy: 'Install a newer one: nodejs.org, your distribution, or `nvm install 24`.',
  };
}

/** The highest rate that `--rate auto` chooses, requests a second. */
const HIGHEST_RATE = 2_000;
/** With fewer connections an app that takes half a second gets less than that. */
const ENOUGH = HIGHEST_RATE / 2;

export function filesLine({ files: { limit, connections } }: Machine): DoctorLine {
  if (limit === null || connections === null) return fine('files', 'No limit of open files is known here.');
  const isTooFew = connections < LEAST;
  const found = `${whole(limit)} may be open (\`ulimit -n\`), ${whole(connections)} of them connections of the load.`;
  const suffices = `${found} At ${whole(HIGHEST_RATE)} requests a second an answer may take ${time((connections * 1_000) / HIGHEST_RATE)}.`;
  if (connections >= ENOUGH) return fine('files', suffices);
  return {
    name: 'files',
    state: isTooFew ? 'missing' : 'limited',
    found: isTooFew ? found : suffices,
    costs: isTooFew ? 'Too few for any load: no check takes place.' : 'An app that is slower gets a lower rate.',
    remedy: 'Before this program: `ulimit -n 4096`. In a container: `docker run --ulimit nofile=4096`.',
  };
}
