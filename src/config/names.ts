/** The names under which a configuration is found by itself, the first that is there. */
export const CONFIG_FILES = ['shutdown-check.yaml', 'shutdown-check.yml', 'shutdown-check.json'] as const;
