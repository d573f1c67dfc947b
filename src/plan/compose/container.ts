import type { RunOptions } from '../options.ts';
import { parseBytes, SIZE_FORMS } from '../sizes.ts';
import { durationAt, healthcheckOf } from './healthcheck.ts';
import { splitWords } from './split-words.ts';
import { isEmpty, itemsAt, saidAt, type Spot, textAt, under, wrong, yesNoAt } from './spot.ts';

/**
 * What a service says of how its container is started and stopped, under the options' own names; what it does not say is
 * left out.
 * @throws CannotRunError for a value that cannot stand where it stands.
 */
export function containerOf(service: Spot): Partial<RunOptions> {
  const limits = under(under(under(service, 'deploy'), 'resources'), 'limits');
  const command = wordsAt(under(service, 'command'));
  return given({
    entrypoint: wordsAt(under(service, 'entrypoint')),
    // The engine has no way to say "none, whatever the image says" without an entrypoint either.
    command: command?.length === 0 ? null : command,
    init: yesNoAt(under(service, 'init')),
    user: saidAt(under(service, 'user'), 'a user'),
    workingDir: saidAt(under(service, 'working_dir'), 'a path'),
    platform: saidAt(under(service, 'platform'), 'a platform'),
    stopSignal: saidAt(under(service, 'stop_signal'), 'a signal'),
    graceMs: wholeSeconds(durationAt(under(service, 'stop_grace_period'))),
    memoryBytes: bytesAt(under(service, 'mem_limit')) ?? bytesAt(under(limits, 'memory')),
    cpus: numberAt(under(service, 'cpus')) ?? numberAt(under(limits, 'cpus')),
    healthcheck: healthcheckOf(service),
    network: networkAt(under(service, 'network_mode')),
  });
}

/** Only what is there: null is for what the file does not say. */
function given<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function wordsAt(spot: Spot): readonly string[] | null {
  if (isEmpty(spot)) return null;
  if (typeof spot.value !== 'string')
    return itemsAt(spot, 'a text, or a list of texts').map((item) => textAt(item) ?? '');
  const words = splitWords(spot.value);
  if (words === null) throw wrong(spot, 'a command whose quotes are closed, or a list of its words');
  return words;
}

/** The engine counts whole seconds, and compose leaves out what is over. */
function wholeSeconds(durationMs: number | null): number | null {
  return durationMs === null ? null : Math.floor(durationMs / 1000) * 1000;
}

/** 0 is no limit. */
function bytesAt(spot: Spot): number | null {
  const text = saidAt(spot, 'a size');
  if (text === null) return null;
  const bytes = parseBytes(text);
  if (bytes === null) throw wrong(spot, `a size: ${SIZE_FORMS}`);
  return bytes === 0 ? null : bytes;
}

function numberAt(spot: Spot): number | null {
  const text = saidAt(spot, 'a number');
  if (text === null) return null;
  const value = Number(text);
  if (Number.isNaN(value)) throw wrong(spot, 'a number, such as 0.5');
  return value === 0 ? null : value;
}

/** The engine's own bridge is what there is without a word. */
function networkAt(spot: Spot): string | null {
  const mode = saidAt(spot, 'a network mode');
  return mode === 'bridge' ? null : mode;
}
