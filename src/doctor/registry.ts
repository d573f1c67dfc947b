import type Dockerode from 'dockerode';
import { engineSentence, statusOf } from '../engines/docker/engine-error.ts';
import { bounded } from './bounded.ts';
import type { RegistryFacts } from './machine.ts';

/** An image that nobody has: to be told so takes the registry, and does not count as a pull. */
const NOBODYS = 'library/shutdown-check-doctor';
/** What a registry says, whatever its status has become on the way: that there is no such image, or not for us. */
const SAID_NO = /denied|unauthorized|manifest unknown|name unknown|repository .*not found|not found: does not exist/i;
/** What an engine without this question answers. */
const NO_QUESTION = /^(page )?not found$/i;

/**
 * Asks the engine about an image that there is not: it is the engine that pulls, with a proxy and a name service of its
 * own, and whether this program gets through says nothing. Never throws.
 *
 * @param registry how it is called; null: the engine does not say
 * @param image of another registry than the default one: with its host
 */
export async function lookAtRegistry(
  dockerode: Dockerode,
  registry: string | null,
  image = NOBODYS,
): Promise<RegistryFacts> {
  const name = registry ?? "the engine's default registry";
  const began = performance.now();
  const answer = await bounded(askFor(dockerode, image));
  if ('kind' in answer) return answer;
  const { status, sentence } = answer;
  if (status === 200 || SAID_NO.test(sentence) || status === 401 || status === 403)
    return { kind: 'answers', registry: name, tookMs: Math.round(performance.now() - began) };
  if (status === 404 && NO_QUESTION.test(sentence))
    return { kind: 'unknown', because: 'this engine does not tell without a pull' };
  return { kind: 'fails', registry: name, because: sentence };
}

async function askFor(
  dockerode: Dockerode,
  image: string,
): Promise<{ readonly status: number | null; readonly sentence: string }> {
  return await dockerode
    .getImage(image)
    .distribution()
    .then(
      () => ({ status: 200, sentence: '' }),
      (error: unknown) => ({ status: statusOf(error), sentence: engineSentence(error) }),
    );
}
