/** The candidate that a mistyped word most likely meant, or null where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const [best] = ranked(word, candidates);
  return best && best.distance <= Math.max(1, Math.ceil(word.length / 3)) ? best.candidate : null;
}

/** The candidates, the nearest to the word first. */
export function nearestFirst(word: string, candidates: readonly string[]): readonly string[] {
  return ranked(word, candidates).map(({ candidate }) => candidate);
}

function ranked(word: string, candidates: readonly string[]) {
  return candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
}

/** Edits between two words (Levenshtein); 0 where one is the other's beginning and says enough to be meant. */
function distanceOf(from: string, to: string): number {
  if (from.length >= 3 && to.startsWith(from)) return 0;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
