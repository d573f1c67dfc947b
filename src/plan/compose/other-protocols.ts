/** What usually listens on a port and speaks no HTTP, by the port. */
export const OTHER_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [25, 'SMTP'],
  [1025, 'SMTP'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [1883, 'MQTT'],
  [2181, 'ZooKeeper'],
  [3306, 'MySQL'],
  [4222, 'NATS'],
  [5432, 'PostgreSQL'],
  [5672, 'AMQP'],
  [6379, 'Redis'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [11211, 'memcached'],
  [26257, 'CockroachDB'],
  [27017, 'MongoDB'],
]);
