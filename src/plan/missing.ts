import type { RunOptions } from './options.ts';
import type { Missing } from './plan.ts';

/** Whether the flag that would bring it has been given. */
export function isFilled({ flag }: Missing, given: RunOptions): boolean {
  const [, name, value = ''] = /^--([a-z-]+)(?: (.*))?$/.exec(flag ?? '') ?? [];
  switch (name) {
    case 'env':
      return given.env?.[value.slice(0, value.indexOf('='))] !== undefined;
    case 'volume':
      return (given.volumes ?? []).some((volume) => mountPoint(volume) === mountPoint(value));
    case 'port':
      return given.port !== undefined;
    case 'ready-path':
      return given.readyPath !== undefined;
    case 'grpc':
      return given.grpc !== undefined;
    case 'profile':
      return given.profile === 'kubernetes';
    default:
      return false;
  }
}

/** Where a volume is mounted, with or without a source. */
export function mountPoint(volume: string): string {
  const target = volume.startsWith('/') && !volume.includes(':') ? volume : (volume.split(':')[1] ?? '');
  return target.replace(/(?<=.)\/+$/, '');
}
