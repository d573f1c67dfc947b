/** Through a proxy there are two connections to close: what ends within this may have been ending already. */
export const PROXY_ROUND_TRIP_US = 20_000;
