/**
 * The fields of proc(5)'s stat from the third on, the state. The command in field 2 may hold blanks and brackets: count from
 * the last closing one.
 */
export function statFields(stat: string): readonly string[] {
  return stat.split(') ').at(-1)?.split(' ') ?? [];
}
