export function commandLine(command: readonly string[], _env: object): readonly string[] {
  return command;
}
