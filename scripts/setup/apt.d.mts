/** What packages this machine takes; null where they cannot be installed. */
export function packageSystem(): { readonly id: string; readonly codeName: string } | null;
/** Installs packages. */
export function install(packages: readonly string[]): Promise<void>;
