import type { DoctorLine, LineName } from '../doctor/line.ts';
import type { DoctorResult } from '../doctor.ts';
import { type Look, paint } from './look.ts';
import { paragraph } from './text.ts';

/** As the documentation has them. */
export const TITLES: Readonly<Record<LineName, string>> = {
  engine: 'Engine',
  address: 'Address',
  processes: 'Processes',
  kernel: 'Kernel',
  builder: 'Builder',
  compose: 'Compose',
  registry: 'Registry',
  clock: 'Clock',
  commands: 'Commands',
  init: 'Init',
  balancer: 'Balancer',
  node: 'Node',
  files: 'Open files',
};

const STYLES = {
  ok: 'green',
  limited: 'yellow',
  missing: 'red',
  unknown: 'dim',
} as const satisfies Record<DoctorLine['state'], string>;

const MARK = 9;
const TITLE = 12;

/** What a machine has for a check, for people: whether it can work first, then a line for each thing. Pure. */
export function renderDoctor({ can, lines }: DoctorResult, look: Look): string {
  const style = can.run ? 'green' : can.exec ? 'yellow' : 'red';
  const headline = paint(look, ['bold', style], headlineOf(can));
  return `${[headline, '', ...lines.map((line) => lineText(line, look))].join('\n')}\n`;
}

function headlineOf({ run, exec }: DoctorResult['can']): string {
  if (run && exec) return 'Images (run) and commands (exec) can be checked here.';
  if (run) return 'Images (run) can be checked here; commands (exec) cannot.';
  return exec ? 'Commands (exec) can be checked here; images (run) cannot.' : 'Nothing can be checked here.';
}

function lineText({ name, state, found, costs, remedy }: DoctorLine, look: Look): string {
  const indent = MARK + TITLE;
  const first = paragraph(found, look.width, state.padEnd(MARK) + TITLES[name], indent);
  const more = [
    ...(costs === null ? [] : [part('Costs: ', costs)]),
    ...(remedy === null ? [] : [part('Do: ', remedy)]),
  ];
  return [paint(look, STYLES[state], first.slice(0, MARK)) + first.slice(MARK), ...more].join('\n');

  function part(label: string, text: string): string {
    return paragraph(unbroken(text), look.width, `${' '.repeat(indent)}${label}`).replaceAll(NO_BREAK, ' ');
  }
}

const NO_BREAK = '\u00a0';

/** A command is for copying, and is not wrapped. */
function unbroken(text: string): string {
  return text.replaceAll(/`[^`\n]+`/g, (command) => command.replaceAll(' ', NO_BREAK));
}
