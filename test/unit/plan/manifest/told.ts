import type { FromFile } from '../../../../src/plan/from-file.ts';
import { type Choice, parseManifest } from '../../../../src/plan/manifest/read-manifest.ts';

/** A Deployment "api" whose container "app" and whose pod have these lines besides. */
export function deployment(ofContainer: string, ofPod = '', more = ''): string {
  return `
kind: Deployment
metadata:
  name: api
spec:
  template:
    metadata:
      labels: { app: api, tier: front }
    spec:
${indented(ofPod, 6)}
      containers:
        - name: app
          image: registry.example.com/api:1.0
${indented(ofContainer, 10)}
${more}`;
}

function indented(text: string, columns: number): string {
  return text
    .trim()
    .split('\n')
    .map((line) => ' '.repeat(columns) + line)
    .join('\n');
}

/** What is read of such a container, without what every manifest says. */
export function read(ofContainer: string, ofPod = '', more = '', choice: Choice = {}): FromFile {
  const { options, missing } = parseManifest(deployment(ofContainer, ofPod, more), 'deployment.yaml', choice).container;
  const { target: _target, image: _image, profile: _profile, ...said } = options;
  return { options: said, missing };
}

/** What is missing, as it is told. */
export function told({ missing }: FromFile): readonly string[] {
  return missing.map(({ what, flag }) => (flag === null ? what : `${what} (${flag})`));
}
