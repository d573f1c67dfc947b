/** A duration as `parseDuration` reads it, as a pattern that every validator knows. */
export const DURATION_PATTERN =
  '^(?=.)(?:\\d+(?:\\.\\d+)?h)?(?:\\d+(?:\\.\\d+)?m(?!s))?(?:\\d+(?:\\.\\d+)?s)?(?:\\d+(?:\\.\\d+)?ms)?$|^\\d+(?:\\.\\d+)?$';
export const DURATION_EXAMPLES = ['30s', '500ms', '1m30s'];

/** A size as `parseBytes` reads it. */
export const SIZE_PATTERN = '^\\d+(?:\\.\\d+)?\\s?[bkmgtBKMGT]?(?:[iI]?[bB])?$';
