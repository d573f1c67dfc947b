import { expect, test } from 'vitest';

import { reachablePorts, socketTable } from '../../../../src/engines/proc/tcp-tables.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

/** A line of the kernel's table; an inode of 0 is a socket that no process holds. */
const row = (local: string, remote: string, state: string, inode = 14_703_696): string =>
  `   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000c952d2c8 20 0 0 10 -1\n`;

const NOBODY = '00000000:0000';
const NOBODY_6 = '00000000000000000000000000000000:0000';

test('ports that others can reach are those not bound to a loopback address', () => {
  const tables =
    HEAD +
    row('00000000:1F90', NOBODY, '0A') +
    row('0100007F:0CEA', NOBODY, '0A') +
    HEAD +
    row('00000000000000000000000000000000:0BB8', NOBODY_6, '0A') +
    row('00000000000000000000000001000000:0CEB', NOBODY_6, '0A') +
    row('0000000000000000FFFF00000100007F:0CEC', NOBODY_6, '0A');
  expect(reachablePorts(tables)).toEqual([3000, 8080]);
  expect(socketTable(tables).listening).toEqual([3000, 3306, 3307, 3308, 8080]);
});

test('the other end is written as people write it, an IPv4 address in an IPv6 one too', () => {
  const tables =
    row('030011AC:A000', '0500000A:1538', '01') +
    row('0000000000000000FFFF0000030011AC:0BB8', '0000000000000000FFFF0000010011AC:D41E', '08') +
    row('00000000000000000000000000000000:0BB8', 'B80D0120000000000000000001000000:0050', '05');
  expect(socketTable(tables).connections).toEqual([
    { localPort: 40_960, peer: '10.0.0.5:5432', state: 'established' },
    { localPort: 3000, peer: '172.17.0.1:54302', state: 'closeWait' },
    { localPort: 3000, peer: '[2001:db8::1]:80', state: 'finWait' },
  ]);
});

test('what no process holds is no connection of the target: not accepted yet, or let go of', () => {
  const tables = row('00000000:0BB8', '010011AC:D41E', '01', 0) + row('00000000:0BB8', '010011AC:D41F', '06', 0);
  expect(socketTable(tables).connections).toEqual([]);
});

test('of very many connections the first 200 are kept', () => {
  const many = Array.from({ length: 300 }, () => row('00000000:0BB8', '010011AC:D41E', '01')).join('');
  expect(socketTable(many).connections).toHaveLength(200);
});
