/** Where the browser is that the HTML report is looked at in; null where there is none. */
export function browserPath(): Promise<string | null>;
