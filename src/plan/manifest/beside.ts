import type { Missing } from '../plan.ts';
import { at, type Field, isOn, isThere, textOf } from './field.ts';
import { type Container, containersOf, initContainersOf, isSidecar, type Workload } from './workloads.ts';

/** What a pod has beside the container that is run, and a run of that one alone has not. */
export function besideOf({ workload, name }: Container): readonly Missing[] {
  const others = containersOf(workload).filter((other) => other.name !== name);
  return [
    ...initContainersOf(workload).map(missingBefore),
    ...others.map((other) => ({ what: `the container "${other.name}"`, flag: null })),
    ...ofPod(workload),
  ];
}

function missingBefore(container: Container): Missing {
  return isSidecar(container)
    ? { what: `the sidecar "${container.name}"`, flag: `--sidecar ${container.name}` }
    : { what: `the init container "${container.name}"`, flag: null };
}

/** Settings that decide who is PID 1, and what the app can reach. */
function ofPod({ spec }: Workload): readonly Missing[] {
  const settings = [
    ['shareProcessNamespace', 'shareProcessNamespace, with which the app is not PID 1'],
    ['hostPID', 'hostPID, with which the app is not PID 1'],
    ['hostNetwork', "hostNetwork, the node's own network"],
  ] as const;
  const asked = settings.filter(([key]) => isOn(at(spec, key))).map(([, what]) => ({ what, flag: null }));
  return [...asked, ...clusterOf(spec)];
}

/** A service account of its own is one that the app talks to the cluster with. */
function clusterOf(spec: Field): readonly Missing[] {
  const account = textOf(at(spec, 'serviceAccountName')) ?? 'default';
  const token = at(spec, 'automountServiceAccountToken');
  if (account === 'default' || (isThere(token) && !isOn(token))) return [];
  return [{ what: `the cluster's API, with the service account "${account}"`, flag: null }];
}
