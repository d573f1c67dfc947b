/** How late requests left against the schedule, milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Lateness is counted in steps of so many microseconds; what is later than all of them counts as the last. */
const STEP_US = 10;
const STEPS = 2 ** 16;

/** Counts how late requests left: a step of an array each, since this is done for every one of them. */
export class LatenessCounts {
  readonly #counts = new Uint32Array(STEPS);
  #total = 0;
  #maxUs = 0;

  add(lateUs: number): void {
    const us = Math.max(0, lateUs);
    const step = Math.min(STEPS - 1, Math.floor(us / STEP_US));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#total++;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** Percentiles by the nearest rank, exact to 10 microseconds up to 655 ms. */
  get summary(): Lateness {
    return { p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: this.#maxUs / 1000 };
  }

  #percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let step = 0; step < STEPS; step++) {
      seen += this.#counts[step] ?? 0;
      if (seen >= rank) return Math.min(this.#maxUs, step * STEP_US) / 1000;
    }
    return 0;
  }
}
