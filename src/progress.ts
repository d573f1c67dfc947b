/** Where a run is, in the order of its life. */
export type Stage = 'image' | 'start' | 'ready' | 'calibrate' | 'warm-up' | 'replace' | 'stop' | 'done' | 'prove';

/** What a run says of itself while it goes on. The library never prints; whoever calls it may. */
export type Progress =
  | {
      readonly kind: 'stage';
      readonly stage: Stage;
      readonly text: string;
      /** Of a run that repeats one before it: it need not stay to be read. */
      readonly isAgain?: true;
    }
  | {
      readonly kind: 'note';
      /** A sentence that is worth knowing whatever comes after. */
      readonly text: string;
    }
  | {
      readonly kind: 'detail';
      /** A line of the builder's or of the container's output. */
      readonly text: string;
    }
  | {
      readonly kind: 'load';
      readonly stage: Stage;
      readonly sent: number;
      readonly inFlight: number;
      /** Requests since T0 that ended badly so far. */
      readonly failed: number;
      /** Until SIGKILL; null before the stop. */
      readonly graceLeftMs: number | null;
    };

export type OnProgress = (progress: Progress) => void;

/**
 * Tells of one run of many under its label. The image is made ready once, and what is worth knowing is said once: later runs
 * do not tell of it.
 */
export function labelled(label: string, isFirst: boolean, onProgress: OnProgress = () => {}): OnProgress {
  return (progress) => {
    const isOfAll = progress.kind === 'note' || (progress.kind === 'stage' && progress.stage === 'image');
    if (progress.kind === 'stage' && !isOfAll) {
      onProgress({ ...progress, text: `${label}: ${progress.text}`, ...(!isFirst && { isAgain: true }) });
    } else if (!isOfAll || isFirst) onProgress(progress);
  };
}
