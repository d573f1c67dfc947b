import type { Proposal, ProposedLine } from './proposal.ts';

const SCHEMA = './node_modules/shutdown-check/schema/config.json';

const HEAD = `# yaml-language-server: $schema=${SCHEMA}
#
# What \`shutdown-check run\` checks. Keys are the names of its flags, which its --help tells; a flag on the
# command line goes over what stands here. \`shutdown-check plan\` prints what comes of it.

# For every target.
defaults:
  # grace: 30s  # the grace period that it is deployed with; docker stop gives 10s, Kubernetes 30s
  # max-drain: 20s  # fail where the requests from before the signal take longer

targets:
`;

const TAIL = `
# Reports beside the one in the terminal.
# reporters: [junit=reports/junit.xml, markdown=reports/summary.md]
`;

/** The file that `init` writes. */
export function configText(proposals: readonly Proposal[]): string {
  return HEAD + proposals.map(targetText).join('\n') + TAIL;
}

function targetText({ name, lines }: Proposal): string {
  // A name such as 12 or true would be something else.
  const key =
    /^[a-zA-Z_][\w.-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off)$/i.test(name) ? name : `"${name}"`;
  return `  ${key}:\n${lines.map(lineText).join('')}`;
}

function lineText({ key, value, because, isOffer }: ProposedLine): string {
  return `    ${isOffer ? '# ' : ''}${key}: ${value}${because === '' ? '' : `  # ${because}`}\n`;
}
