/** Where a run is, in the order of its life. */
export type Stage = 'image' | 'start' | 'ready' | 'calibrate' | 'warm-up' | 'replace' | 'stop' | 'done' | 'prove';

/** What a run says of itself while it goes on. The library never prints; whoever calls it may. */
export type Progress =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly text: string }
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
