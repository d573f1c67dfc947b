#!/bin/sh
# Gives load balancers a moment, then passes the signal on, as it must where nobody else does.
trap 'sleep 0.2; kill -TERM "$child"; wait "$child"' TERM
node server.js &
child=$!
wait "$child"
